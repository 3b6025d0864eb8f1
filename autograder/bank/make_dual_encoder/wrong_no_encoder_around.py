# mistake: the backbones are used as they are, without an Encoder around them. They give a vector a token, not a vector a text.
# caught by: tied: one encoder
def make_dual_encoder(tie_encoders=False):
    query_backbone = track.load_encoder()
    passage_backbone = query_backbone if tie_encoders else track.load_encoder()
    return DualEncoder(query_backbone, passage_backbone)
