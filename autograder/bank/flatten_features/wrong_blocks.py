# mistake: all positives come first, then all negatives. That layout has its own labels and works too, but here the rows go sample by sample.
# caught by: passages
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"].transpose(0, 1).reshape(B * C, L)
    P_mask = features["ctx_attention_mask"].transpose(0, 1).reshape(B * C, L)
    labels = torch.arange(B)
    return Q, Q_mask, P, P_mask, labels
