def passage_scores(logits, mask):
    """All five axes to the end, and one division."""
    B, n, L = mask.shape
    _, layers, heads, _ = logits.shape
    five = torch.where(mask.bool()[:, None, None], logits.reshape(B, layers, heads, n, L), torch.zeros(()))
    count = mask.sum(-1)
    scores = five.sum(dim=(1, 2, 4)) / (layers * heads * count)
    return torch.where(count > 0, scores, torch.full_like(scores, float("-inf")))
