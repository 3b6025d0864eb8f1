# mistake: only the positives are taken, and the hard negatives are lost.
# caught by: passages
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"][:, 0]
    P_mask = features["ctx_attention_mask"][:, 0]
    labels = torch.arange(B)
    return Q, Q_mask, P, P_mask, labels
