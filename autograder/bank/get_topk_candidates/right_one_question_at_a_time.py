def get_topk_candidates(X, Y, samples, passages, k):
    k = k if k < len(Y) else len(Y)
    all_values, all_indices = [], []
    for x in X:
        values, indices = (Y @ x).topk(k)
        all_values.append(values)
        all_indices.append(indices)
    return make_candidates(samples, passages, torch.stack(all_indices), torch.stack(all_values))
