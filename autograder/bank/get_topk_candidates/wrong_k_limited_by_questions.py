# mistake: k is limited by the number of questions. Limit it by the number of passages.
# caught by: k larger than the knowledge base
def get_topk_candidates(X, Y, samples, passages, k):
    values, indices = torch.topk(X @ Y.T, min(k, len(samples)), dim=1)
    return make_candidates(samples, passages, indices, values)
