def get_topk_candidates(X, Y, samples, passages, k):
    with torch.no_grad():
        S = torch.einsum("bd,nd->bn", X.double(), Y.double())
        top = torch.argsort(S, dim=1).flip(1)[:, : min(k, S.size(1))]
        return make_candidates(samples, passages, top.tolist(), S.gather(1, top).tolist())
