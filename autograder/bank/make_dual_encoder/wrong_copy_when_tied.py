# mistake: a tied model gets two encoders, either a copy or one that was loaded again. They drift apart in training: both names must refer to one object.
# caught by: tied: one encoder
import copy


def make_dual_encoder(tie_encoders=False):
    query_encoder = Encoder(track.load_encoder())
    passage_encoder = copy.deepcopy(query_encoder) if tie_encoders else Encoder(track.load_encoder())
    return DualEncoder(query_encoder, passage_encoder)
