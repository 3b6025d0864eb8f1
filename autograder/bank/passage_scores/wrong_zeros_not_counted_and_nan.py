# mistake: tokens whose logit is 0 are not counted. The mask says which tokens are real.
# caught by: padding
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean(dim=(1, 2)).view(B, n, L).masked_fill(mask == 0, 0.0)
    return (A.sum(2) / (A != 0).sum(2)).masked_fill(mask.sum(2) == 0, float("-inf"))
