# mistake: the hard negative gets the mask of the positive. Each passage has a length of its own.
# caught by: passages
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"].reshape(B * C, L)
    P_mask = features["ctx_attention_mask"][:, 0].repeat_interleave(C, dim=0)
    labels = torch.arange(B) * C
    return Q, Q_mask, P, P_mask, labels
