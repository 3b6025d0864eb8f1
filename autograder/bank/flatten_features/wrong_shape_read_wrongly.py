# mistake: B and C are exchanged when the shape is read, so that there are as many labels as passages of a question. The shape is (B, C, L).
# caught by: labels
def flatten_features(features):
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    ctx, ctx_mask = features["ctx_input_ids"], features["ctx_attention_mask"]
    C, B, L = ctx.shape
    P, P_mask = ctx.reshape(C * B, L), ctx_mask.reshape(C * B, L)
    labels = torch.arange(0, C * B, C)
    return Q, Q_mask, P, P_mask, labels
