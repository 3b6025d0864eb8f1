# mistake: k is larger than the number of passages and is not limited. Ask topk for no more than there are.
# caught by: k larger than the knowledge base
def get_topk_candidates(X, Y, samples, passages, k):
    values, indices = torch.topk(X @ Y.T, k, dim=1)
    return make_candidates(samples, passages, indices, values)
