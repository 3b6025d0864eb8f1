# mistake: the sum is divided by L, padding included, so that short passages come out too near to zero. Divide by the number of real tokens.
# caught by: padding
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean((1, 2)).view(B, n, L).masked_fill(mask == 0, 0.0)
    return (A.sum(2) / L).masked_fill(mask.sum(2) == 0, float("-inf"))
