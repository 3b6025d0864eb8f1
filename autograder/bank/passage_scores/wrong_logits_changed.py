# mistake: the logits or the mask that were given are changed: a view shares its memory with them, and masked_fill_ writes into it. Use masked_fill.
# caught by: padding
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.view(B, logits.size(1), logits.size(2), n, L)
    A.masked_fill_(mask[:, None, None] == 0, 0.0)
    tokens = mask.sum(2)
    return (A.mean(dim=(1, 2)).sum(2) / tokens).masked_fill(tokens == 0, float("-inf"))
