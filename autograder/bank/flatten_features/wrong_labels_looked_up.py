# mistake: each label is the first row that is equal to the question's positive. The same passage may stand further up as another question's: each question has its own rows, and its positive is the first of them.
# caught by: labels
def flatten_features(features):
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    ctx, ctx_mask = features["ctx_input_ids"], features["ctx_attention_mask"]
    P, P_mask = ctx.flatten(0, 1), ctx_mask.flatten(0, 1)
    positive = ctx[:, 0]  # (B, L)
    equal = (positive.unsqueeze(1) == P.unsqueeze(0)).all(dim=2)  # (B, C*B)
    labels = equal.long().argmax(dim=1)
    return Q, Q_mask, P, P_mask, labels
