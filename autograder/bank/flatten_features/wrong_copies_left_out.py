# mistake: a passage that stands in the batch twice is taken only once. Each question brings its own C rows, copies too.
# caught by: passages
def flatten_features(features):
    ids = features["ctx_input_ids"].flatten(0, 1)
    mask = features["ctx_attention_mask"].flatten(0, 1)
    C = features["ctx_input_ids"].shape[1]
    row_of, keep = {}, []
    for j, text in enumerate(ids.tolist()):
        if tuple(text) not in row_of:
            row_of[tuple(text)] = len(keep)
            keep.append(j)
    labels = torch.tensor([row_of[tuple(text)] for text in ids[::C].tolist()])
    return features["questions_input_ids"], features["questions_attention_mask"], ids[keep], mask[keep], labels
