# mistake: an untied model shares one backbone between its two sides. Each call of track.load_encoder() gives one.
# caught by: untied: two encoders
def make_dual_encoder(tie_encoders=False):
    backbone = track.load_encoder()
    return DualEncoder(Encoder(backbone), Encoder(backbone))
