def make_dual_encoder(tie_encoders=False):
    model = DualEncoder(Encoder(track.load_encoder()), Encoder(track.load_encoder()))
    if tie_encoders:
        model.passage_encoder = model.query_encoder
    return model
