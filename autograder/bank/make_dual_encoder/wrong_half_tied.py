# mistake: a tied model shares its embeddings and nothing else. Tied means that one encoder serves both sides as a whole.
# caught by: tied: one encoder
def make_dual_encoder(tie_encoders=False):
    query_encoder = Encoder(track.load_encoder())
    passage_encoder = Encoder(track.load_encoder())
    if tie_encoders:
        passage_encoder.backbone.embeddings = query_encoder.backbone.embeddings
    return DualEncoder(query_encoder, passage_encoder)
