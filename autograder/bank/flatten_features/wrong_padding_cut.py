# mistake: the padding behind the longest passage is cut off. Keep L: an accelerator compiles its program for one shape.
# caught by: passages
def flatten_features(features):
    P = features["ctx_input_ids"].flatten(0, 1)
    P_mask = features["ctx_attention_mask"].flatten(0, 1)
    longest = int(P_mask.sum(dim=1).max())
    P, P_mask = P[:, :longest], P_mask[:, :longest]
    labels = torch.arange(0, len(P), features["ctx_input_ids"].shape[1])
    return features["questions_input_ids"], features["questions_attention_mask"], P, P_mask, labels
