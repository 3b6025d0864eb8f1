# mistake: negative scores are set to 0. They are ordinary scores, and all scores of a question may be negative.
# caught by: the right passages, best first
def get_topk_candidates(X, Y, samples, passages, k):
    values, indices = torch.topk((X @ Y.T).clamp(min=0), min(k, len(passages)), dim=1)
    return make_candidates(samples, passages, indices, values)
