# mistake: the backbones are used without an Encoder around them. They return one vector per token, not one vector per text.
# caught by: tied: one encoder
def make_dual_encoder(tie_encoders=False):
    query_backbone = track.load_encoder()
    passage_backbone = query_backbone if tie_encoders else track.load_encoder()
    return DualEncoder(query_backbone, passage_backbone)
