# mistake: an untied model shares one backbone between its two sides. How often is track.load_encoder() called?
# caught by: untied: two encoders
def make_dual_encoder(tie_encoders=False):
    backbone = track.load_encoder()
    return DualEncoder(Encoder(backbone), Encoder(backbone))
