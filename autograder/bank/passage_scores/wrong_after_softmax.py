# mistake: the weights after the softmax are averaged. They are another measure; here the logits themselves count.
# caught by: mean logit
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.masked_fill(mask.view(B, 1, 1, -1) == 0, float("-inf")).softmax(-1)
    A = A.mean((1, 2)).view(B, n, L)
    return (A.sum(2) / mask.sum(2)).masked_fill(mask.sum(2) == 0, float("-inf"))
