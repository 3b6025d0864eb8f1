# mistake: the labels are a list. The loss needs a tensor.
# caught by: labels
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"].reshape(B * C, L)
    P_mask = features["ctx_attention_mask"].reshape(B * C, L)
    labels = [C * i for i in range(B)]
    return Q, Q_mask, P, P_mask, labels
