# mistake: the passage encoder of an untied model is frozen. Both sides must be trained.
# caught by: untied: two encoders
def make_dual_encoder(tie_encoders=False):
    query_encoder = Encoder(track.load_encoder())
    if tie_encoders:
        return DualEncoder(query_encoder, query_encoder)
    passage_encoder = Encoder(track.load_encoder()).requires_grad_(False)
    return DualEncoder(query_encoder, passage_encoder)
