# mistake: the encoders are built anew with random weights. Keep the pre-trained ones that track.load_encoder() brings.
# caught by: one starting point
def make_dual_encoder(tie_encoders=False):
    def new():
        backbone = track.load_encoder()
        return Encoder(type(backbone)(backbone.config))

    query_encoder = new()
    return DualEncoder(query_encoder, query_encoder if tie_encoders else new())
