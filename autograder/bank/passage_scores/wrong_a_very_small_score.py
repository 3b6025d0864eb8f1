# mistake: a passage without tokens gets a large negative number. Its score is -inf.
# caught by: a passage without tokens
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean(dim=(1, 2)).view(B, n, L).masked_fill(mask == 0, 0.0)
    tokens = mask.sum(2)
    return (A.sum(2) / tokens).masked_fill(tokens == 0, -1e9)
