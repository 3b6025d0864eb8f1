# mistake: a tied model gets two encoders, be it a copy or a second one. They drift apart in training: one object must be both.
# caught by: tied: one encoder
import copy


def make_dual_encoder(tie_encoders=False):
    query_encoder = Encoder(track.load_encoder())
    passage_encoder = copy.deepcopy(query_encoder) if tie_encoders else Encoder(track.load_encoder())
    return DualEncoder(query_encoder, passage_encoder)
