# mistake: the encoders are built from the configuration alone, with random weights. Where do the pre-trained ones come from?
# caught by: one starting point
def make_dual_encoder(tie_encoders=False):
    def new():
        backbone = track.load_encoder()
        return Encoder(type(backbone)(backbone.config))

    query_encoder = new()
    return DualEncoder(query_encoder, query_encoder if tie_encoders else new())
