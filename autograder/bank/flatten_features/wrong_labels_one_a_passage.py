# mistake: the labels say for each passage whether it is a positive. Return one label per question: the row of its positive.
# caught by: labels
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"].reshape(B * C, L)
    P_mask = features["ctx_attention_mask"].reshape(B * C, L)
    labels = torch.tensor([1] + [0] * (C - 1)).repeat(B)
    return Q, Q_mask, P, P_mask, labels
