# mistake: the questions' mask is 1 everywhere, so that their padding is read as text.
# caught by: questions
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], torch.ones_like(features["questions_input_ids"])
    P = features["ctx_input_ids"].reshape(B * C, L)
    P_mask = features["ctx_attention_mask"].reshape(B * C, L)
    labels = torch.arange(B) * C
    return Q, Q_mask, P, P_mask, labels
