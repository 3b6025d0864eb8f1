import copy


def make_dual_encoder(tie_encoders=False):
    query_encoder = Encoder(track.load_encoder())
    passage_encoder = query_encoder
    if not tie_encoders:
        passage_encoder = copy.deepcopy(query_encoder)
    return DualEncoder(query_encoder=query_encoder, passage_encoder=passage_encoder)
