# mistake: the largest logit of a passage is taken. One token then decides; the score is the mean over all of them.
# caught by: mean logit
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean((1, 2)).view(B, n, L).masked_fill(mask == 0, float("-inf"))
    return A.amax(2)
