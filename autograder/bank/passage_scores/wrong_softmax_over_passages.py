# mistake: a softmax over the passages has been taken already. The loss will take it; the score is the mean itself.
# caught by: mean logit
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean((1, 2)).view(B, n, L).masked_fill(mask == 0, 0.0)
    return (A.sum(2) / mask.sum(2)).masked_fill(mask.sum(2) == 0, float("-inf")).softmax(1)
