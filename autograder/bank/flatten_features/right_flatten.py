def flatten_features(features):
    P, P_mask = (features[f"ctx_{part}"].flatten(end_dim=1) for part in ("input_ids", "attention_mask"))
    labels = torch.arange(0, len(P), features["ctx_input_ids"].shape[1])
    return features["questions_input_ids"], features["questions_attention_mask"], P, P_mask, labels
