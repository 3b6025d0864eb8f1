def make_dual_encoder(tie_encoders=False):
    if tie_encoders:
        encoder = Encoder(track.load_encoder())
        return DualEncoder(encoder, encoder)
    return DualEncoder(Encoder(track.load_encoder()), Encoder(track.load_encoder()))
