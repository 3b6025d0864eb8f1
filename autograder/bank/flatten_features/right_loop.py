def flatten_features(features):
    P, P_mask, labels = [], [], []
    for ids, mask in zip(features["ctx_input_ids"], features["ctx_attention_mask"]):
        labels.append(len(P))
        for row, m in zip(ids, mask):
            P.append(row)
            P_mask.append(m)
    return (
        features["questions_input_ids"], features["questions_attention_mask"], torch.stack(P), torch.stack(P_mask), torch.tensor(labels)
    )
