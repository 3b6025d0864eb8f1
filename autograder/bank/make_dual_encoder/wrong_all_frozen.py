# mistake: all parameters are frozen, so nothing can be trained. Leave the encoders as they are loaded.
# caught by: untied: two encoders
def make_dual_encoder(tie_encoders=False):
    query_encoder = Encoder(track.load_encoder())
    passage_encoder = query_encoder if tie_encoders else Encoder(track.load_encoder())
    model = DualEncoder(query_encoder, passage_encoder)
    for p in model.parameters():
        p.requires_grad = False
    return model
