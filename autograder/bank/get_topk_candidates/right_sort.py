def get_topk_candidates(X, Y, samples, passages, k):
    values, indices = torch.sort(torch.matmul(X, Y.t()), dim=-1, descending=True)
    return make_candidates(samples, passages, indices[:, :k], values[:, :k])
