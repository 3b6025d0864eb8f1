# mistake: scores and indices are handed to make_candidates in the wrong order. Look at its signature.
# caught by: the right passages, best first
def get_topk_candidates(X, Y, samples, passages, k):
    values, indices = torch.topk(X @ Y.T, min(k, len(passages)), dim=1)
    return make_candidates(samples, passages, values, indices)
