# mistake: the absolute values of the logits are averaged. Logits have a sign.
# caught by: mean logit
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.abs().mean(dim=(1, 2)).view(B, n, L).masked_fill(mask == 0, 0.0)
    tokens = mask.sum(2)
    return (A.sum(2) / tokens).masked_fill(tokens == 0, float("-inf"))
