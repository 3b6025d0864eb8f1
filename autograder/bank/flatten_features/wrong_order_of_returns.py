# mistake: ids and masks are returned in another order than the docstring's. The encoder would take passages for masks.
# caught by: questions
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"].reshape(B * C, L)
    P_mask = features["ctx_attention_mask"].reshape(B * C, L)
    labels = torch.arange(B) * C
    return Q, P, Q_mask, P_mask, labels
