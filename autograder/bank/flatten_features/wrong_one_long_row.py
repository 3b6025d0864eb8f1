# mistake: the passages of a question are joined into one long row. The encoder would read them as one text.
# caught by: passages
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"].reshape(B, C * L)
    P_mask = features["ctx_attention_mask"].reshape(B, C * L)
    labels = torch.arange(B)
    return Q, Q_mask, P, P_mask, labels
