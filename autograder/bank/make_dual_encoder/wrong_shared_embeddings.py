# mistake: the two encoders of an untied model still share their word embeddings. Untied means that they share nothing.
# caught by: untied: two encoders
def make_dual_encoder(tie_encoders=False):
    query_encoder = Encoder(track.load_encoder())
    passage_encoder = query_encoder if tie_encoders else Encoder(track.load_encoder())
    passage_encoder.backbone.embeddings = query_encoder.backbone.embeddings
    return DualEncoder(query_encoder, passage_encoder)
