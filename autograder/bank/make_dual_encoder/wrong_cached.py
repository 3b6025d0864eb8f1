# mistake: the model is kept from call to call and returned again, with whatever training has made of it. Each call makes a new one.
# caught by: one starting point
from functools import lru_cache


@lru_cache(maxsize=None)
def make_dual_encoder(tie_encoders=False):
    query_encoder = Encoder(track.load_encoder())
    passage_encoder = query_encoder if tie_encoders else Encoder(track.load_encoder())
    return DualEncoder(query_encoder, passage_encoder)
