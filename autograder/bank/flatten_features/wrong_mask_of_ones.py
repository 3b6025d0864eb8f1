# mistake: the mask is 1 everywhere, so that the passages' padding is read as text.
# caught by: passages
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"].reshape(B * C, L)
    P_mask = torch.ones_like(P)
    labels = torch.arange(B) * C
    return Q, Q_mask, P, P_mask, labels
