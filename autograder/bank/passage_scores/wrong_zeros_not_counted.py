# mistake: tokens whose logit is 0 are not counted. The mask says which tokens are real.
# caught by: padding
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean(dim=(1, 2)).view(B, n, L).masked_fill(mask == 0, 0.0)
    tokens = (A != 0).sum(2)
    return (A.sum(2) / tokens).masked_fill(tokens == 0, float("-inf"))
