def make_dual_encoder(tie_encoders=False):
    model = DualEncoder(*[Encoder(track.load_encoder())] * 2)
    if not tie_encoders:
        model.passage_encoder = Encoder(track.load_encoder())
        model.passage_encoder.load_state_dict(model.query_encoder.state_dict())
    return model.train()
