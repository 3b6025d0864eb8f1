# mistake: n and L are exchanged: the axis n*L holds all tokens of passage 0 first, then those of passage 1. View it as (n, L).
# caught by: mean logit
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean((1, 2)).view(B, L, n).transpose(1, 2).masked_fill(mask == 0, 0.0)
    return (A.sum(2) / mask.sum(2)).masked_fill(mask.sum(2) == 0, float("-inf"))
