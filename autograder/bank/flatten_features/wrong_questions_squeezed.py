# mistake: the axes of length 1 are squeezed out of the questions, and a batch of one question loses its own. Q is (B, L), also for B = 1.
# caught by: questions
def flatten_features(features):
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    ctx, ctx_mask = features["ctx_input_ids"], features["ctx_attention_mask"]
    B, C, L = ctx.shape
    P, P_mask = ctx.view(-1, L), ctx_mask.view(-1, L)
    labels = C * torch.arange(B)
    return Q.squeeze(), Q_mask.squeeze(), P, P_mask, labels
