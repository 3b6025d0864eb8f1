# mistake: scores below 0 count as 0. They are scores like others, and all of a question's may be below.
# caught by: the right passages, best first
def get_topk_candidates(X, Y, samples, passages, k):
    values, indices = torch.topk((X @ Y.T).clamp(min=0), min(k, len(passages)), dim=1)
    return make_candidates(samples, passages, indices, values)
