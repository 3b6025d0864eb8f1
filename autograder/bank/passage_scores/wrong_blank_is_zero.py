# mistake: a passage without tokens gets 0, which may be more than the others have. Its score is -inf, so that its share is 0.
# caught by: a passage without tokens
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean((1, 2)).view(B, n, L).masked_fill(mask == 0, 0.0)
    return A.sum(2) / mask.sum(2).clamp(min=1)
