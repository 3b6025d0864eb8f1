# mistake: a passage whose score is 0 is taken for one without tokens. A real passage can have the mean 0: ask the mask.
# caught by: padding
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean(dim=(1, 2)).view(B, n, L).masked_fill(mask == 0, 0.0)
    G = A.sum(2) / mask.sum(2).clamp(min=1)
    return G.masked_fill(G == 0, float("-inf"))
