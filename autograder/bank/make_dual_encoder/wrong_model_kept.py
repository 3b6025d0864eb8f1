# mistake: the model is kept from call to call and returned again, with whatever training has made of it. Each call makes a new one.
# caught by: one starting point
_models = {}


def make_dual_encoder(tie_encoders=False):
    if tie_encoders not in _models:
        query_encoder = Encoder(track.load_encoder())
        passage_encoder = query_encoder if tie_encoders else Encoder(track.load_encoder())
        _models[tie_encoders] = DualEncoder(query_encoder, passage_encoder)
    return _models[tie_encoders]
