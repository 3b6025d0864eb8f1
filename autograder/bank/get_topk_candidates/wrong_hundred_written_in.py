# mistake: no more than 100 passages are returned, whatever k is. Only k and the number of passages limit the result.
# caught by: the right passages, best first
def get_topk_candidates(X, Y, samples, passages, k):
    S = X @ Y.T  # (B, N)
    n = min(k, 100, len(passages))
    values, indices = torch.topk(S, k=n, dim=1)
    return make_candidates(samples, passages, indices, values)
