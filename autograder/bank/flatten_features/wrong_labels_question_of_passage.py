# mistake: the labels say for each passage which question it belongs to. Return one label per question: the row of its positive.
# caught by: labels
def flatten_features(features):
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    ctx, ctx_mask = features["ctx_input_ids"], features["ctx_attention_mask"]
    B, C, L = ctx.shape
    P, P_mask = ctx.reshape(-1, L), ctx_mask.reshape(-1, L)
    labels = torch.arange(B).repeat_interleave(C)
    return Q, Q_mask, P, P_mask, labels
