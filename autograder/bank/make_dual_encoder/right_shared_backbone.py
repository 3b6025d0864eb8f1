def make_dual_encoder(tie_encoders=False):
    backbones = [track.load_encoder() for _ in range(1 if tie_encoders else 2)]
    return DualEncoder(Encoder(backbones[0]), Encoder(backbones[-1]))
