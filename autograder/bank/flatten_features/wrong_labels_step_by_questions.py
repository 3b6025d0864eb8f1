# mistake: the labels go up by the number of questions. They go up by the number of passages that each question has.
# caught by: labels
def flatten_features(features):
    ids = features["ctx_input_ids"]
    P = ids.flatten(0, 1)
    P_mask = features["ctx_attention_mask"].flatten(0, 1)
    B = ids.shape[0]
    labels = torch.arange(B) * B
    return features["questions_input_ids"], features["questions_attention_mask"], P, P_mask, labels
