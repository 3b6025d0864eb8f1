# mistake: each question is repeated for each of its passages. A question is encoded once, and its row of scores holds all passages.
# caught by: questions
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"].repeat_interleave(C, dim=0), features["questions_attention_mask"].repeat_interleave(C, dim=0)
    P = features["ctx_input_ids"].reshape(B * C, L)
    P_mask = features["ctx_attention_mask"].reshape(B * C, L)
    labels = torch.arange(B) * C
    return Q, Q_mask, P, P_mask, labels
