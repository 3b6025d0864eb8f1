# mistake: the passage encoder starts from random weights. Both sides must start from the pre-trained ones.
# caught by: one starting point
def make_dual_encoder(tie_encoders=False):
    backbone = track.load_encoder()
    query_encoder = Encoder(backbone)
    passage_encoder = query_encoder if tie_encoders else Encoder(type(backbone)(backbone.config))
    return DualEncoder(query_encoder, passage_encoder)
