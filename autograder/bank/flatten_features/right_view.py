def flatten_features(features):
    ids, mask = features["ctx_input_ids"], features["ctx_attention_mask"]
    B, C, L = ids.shape
    labels = torch.arange(B) * C
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    return Q, Q_mask, ids.view(B * C, L), mask.view(B * C, L), labels
