# mistake: the right passages are returned in the wrong order. The best comes first.
# caught by: the right passages, best first
def get_topk_candidates(X, Y, samples, passages, k):
    values, indices = torch.sort(X @ Y.T, dim=1)
    return make_candidates(samples, passages, indices[:, -k:], values[:, -k:])
