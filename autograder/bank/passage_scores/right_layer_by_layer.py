def passage_scores(logits, mask):
    B, n, L = mask.shape
    tokens = mask.sum(2)
    total = torch.zeros(B, n, dtype=logits.dtype)
    for layer in range(logits.size(1)):
        total += (logits[:, layer].mean(1).reshape(B, n, L) * mask).sum(2)
    return (total / logits.size(1) / tokens).masked_fill(tokens == 0, -float("inf"))
