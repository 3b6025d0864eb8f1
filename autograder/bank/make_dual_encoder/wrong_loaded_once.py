# mistake: the pre-trained encoder is kept from call to call. Models then share it, and a new one starts where the last one ended.
# caught by: one starting point
import functools


@functools.cache
def load():
    return track.load_encoder()


def make_dual_encoder(tie_encoders=False):
    query_encoder = Encoder(load())
    passage_encoder = query_encoder if tie_encoders else Encoder(track.load_encoder())
    return DualEncoder(query_encoder, passage_encoder)
