def flatten_features(features):
    P = torch.cat(list(features["ctx_input_ids"]))
    P_mask = torch.cat(list(features["ctx_attention_mask"]))
    B = len(features["ctx_input_ids"])
    labels = torch.linspace(0, len(P) - len(P) // B, B).round().long()
    return features["questions_input_ids"], features["questions_attention_mask"], P, P_mask, labels
