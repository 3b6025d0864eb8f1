# mistake: the last passage is missing where k is larger than their number. Return all of them, not all but one.
# caught by: k larger than the knowledge base
def get_topk_candidates(X, Y, samples, passages, k):
    values, indices = torch.topk(X @ Y.T, min(k, len(passages) - 1), dim=1)
    return make_candidates(samples, passages, indices, values)
