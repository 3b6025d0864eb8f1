# mistake: the labels are 0, 1, 2, ... though hard negatives stand between the positives. Question 1 is then trained towards the hard negative of question 0.
# caught by: labels
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"].reshape(B * C, L)
    P_mask = features["ctx_attention_mask"].reshape(B * C, L)
    labels = torch.arange(B)
    return Q, Q_mask, P, P_mask, labels
