# mistake: each sum is divided by the tokens of all passages of the question. Each passage has its own number of tokens.
# caught by: mean logit
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean((1, 2)).view(B, n, L).masked_fill(mask == 0, 0.0)
    return (A.sum(2) / mask.sum((1, 2), keepdim=True)[:, 0]).masked_fill(mask.sum(2) == 0, float("-inf"))
