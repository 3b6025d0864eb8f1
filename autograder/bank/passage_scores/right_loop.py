def passage_scores(logits, mask):
    B, n, L = mask.shape
    G = torch.full((B, n), float("-inf"), dtype=logits.dtype)
    for b in range(B):
        for p in range(n):
            real = mask[b, p].bool()
            if real.any():
                G[b, p] = logits[b, :, :, p * L : (p + 1) * L][:, :, real].mean()
    return G
