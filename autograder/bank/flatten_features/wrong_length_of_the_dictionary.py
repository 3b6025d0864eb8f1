# mistake: the length of the dictionary is taken for the number of questions. It is the number of tensors in it.
# caught by: labels
def flatten_features(features):
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    ctx, ctx_mask = features["ctx_input_ids"], features["ctx_attention_mask"]
    B = len(features)
    C, L = ctx.shape[1:]
    P, P_mask = ctx.reshape(-1, L), ctx_mask.reshape(-1, L)
    labels = torch.arange(B) * C
    return Q, Q_mask, P, P_mask, labels
