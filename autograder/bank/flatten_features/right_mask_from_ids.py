def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, P = features["questions_input_ids"].long(), features["ctx_input_ids"].reshape(-1, L).long()
    return Q, (Q != 0).long(), P, (P != 0).long(), torch.tensor([C * i for i in range(B)])
