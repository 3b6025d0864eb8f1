# mistake: tokens whose logit is 0 are not counted. The mask says which tokens are real.
# caught by: padding
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean(dim=(1, 2)).reshape(B, n, L).masked_fill(mask == 0, 0.0)
    tokens = (A != 0).sum(2)
    return (A.sum(2) / tokens.clamp(min=1)).masked_fill(mask.sum(2) == 0, float("-inf"))
