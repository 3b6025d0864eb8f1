def get_topk_candidates(X, Y, samples, passages, k):
    S = X.mm(Y.T).clone()
    indices, values = [], []
    for _ in range(min(k, S.shape[1])):
        best = S.max(dim=1)
        indices.append(best.indices)
        values.append(best.values)
        S[torch.arange(len(S)), best.indices] = float("-inf")
    return make_candidates(samples, passages, torch.stack(indices, dim=1), torch.stack(values, dim=1))
