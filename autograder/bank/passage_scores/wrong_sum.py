# mistake: the logits of a passage's tokens are added up and not averaged: a long passage then has a larger score, of either sign.
# caught by: mean logit
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean((1, 2)).view(B, n, L).masked_fill(mask == 0, 0.0)
    return A.sum(2).masked_fill(mask.sum(2) == 0, float("-inf"))
