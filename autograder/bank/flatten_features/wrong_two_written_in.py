# mistake: the number 2 is hard-coded in the labels. With three passages per question they are wrong: read the number from the shape.
# caught by: any number of passages
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"].reshape(-1, L)
    P_mask = features["ctx_attention_mask"].reshape(-1, L)
    labels = torch.arange(B) * 2
    return Q, Q_mask, P, P_mask, labels
