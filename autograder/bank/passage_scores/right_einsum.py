def passage_scores(logits, mask):
    B, n, L = mask.shape
    real = mask.to(logits.dtype)
    A = logits.view(B, -1, n, L)  # layers and heads in one axis
    G = torch.einsum("bknl,bnl->bn", A, real) / (A.size(1) * real.sum(2))
    return torch.where(real.sum(2) > 0, G, -torch.inf)
