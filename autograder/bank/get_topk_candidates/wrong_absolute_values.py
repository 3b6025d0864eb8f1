# mistake: the sign of the scores is dropped. A passage at -270 is worse than one at 1.
# caught by: the right passages, best first
def get_topk_candidates(X, Y, samples, passages, k):
    values, indices = torch.topk((X @ Y.T).abs(), min(k, len(passages)), dim=1)
    return make_candidates(samples, passages, indices, values)
