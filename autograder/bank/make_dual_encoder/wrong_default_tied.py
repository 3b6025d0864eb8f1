# mistake: the model is tied when tie_encoders is not given: its default was changed. Leave it at False.
# caught by: untied: two encoders
def make_dual_encoder(tie_encoders=True):
    query_encoder = Encoder(track.load_encoder())
    passage_encoder = query_encoder if tie_encoders else Encoder(track.load_encoder())
    return DualEncoder(query_encoder, passage_encoder)
