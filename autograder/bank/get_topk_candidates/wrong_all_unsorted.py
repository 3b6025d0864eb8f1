# mistake: all passages are returned in the order of the knowledge base where k is as large as their number. They too must be sorted, the best first.
# caught by: k larger than the knowledge base
def get_topk_candidates(X, Y, samples, passages, k):
    S = X @ Y.T  # (B, N)
    B, N = S.shape
    if k >= N:  # nothing to choose: return them all
        indices = torch.arange(N, device=S.device).expand(B, N)
        values = S
    else:
        values, indices = torch.topk(S, k, dim=1)
    return make_candidates(samples, passages, indices, values)
