# mistake: a tied model has no passage encoder at all. It needs one under both names.
# caught by: tied: one encoder
def make_dual_encoder(tie_encoders=False):
    query_encoder = Encoder(track.load_encoder())
    passage_encoder = None if tie_encoders else Encoder(track.load_encoder())
    return DualEncoder(query_encoder, passage_encoder)
