# mistake: one candidate too many is returned. Return k of them, places 0 to k - 1.
# caught by: the right passages, best first
def get_topk_candidates(X, Y, samples, passages, k):
    values, indices = torch.sort(X @ Y.T, dim=1, descending=True)
    return make_candidates(samples, passages, indices[:, : k + 1], values[:, : k + 1])
