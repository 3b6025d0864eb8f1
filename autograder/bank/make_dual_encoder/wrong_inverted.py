# mistake: tied and untied are the wrong way round. Read your condition again.
# caught by: tied: one encoder
def make_dual_encoder(tie_encoders=False):
    query_encoder = Encoder(track.load_encoder())
    passage_encoder = Encoder(track.load_encoder()) if tie_encoders else query_encoder
    return DualEncoder(query_encoder, passage_encoder)
