# mistake: only the first two passages of a question are taken, however many there are.
# caught by: any number of passages
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"][:, :2].reshape(-1, L)
    P_mask = features["ctx_attention_mask"][:, :2].reshape(-1, L)
    labels = torch.arange(B) * 2
    return Q, Q_mask, P, P_mask, labels
