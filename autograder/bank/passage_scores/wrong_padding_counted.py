# mistake: padding is averaged with the rest: its logits are in the sum. Set them to 0 before you add.
# caught by: padding
def passage_scores(logits, mask):
    B, n, L = mask.shape
    G = logits.mean((1, 2)).view(B, n, L).mean(2)
    return G.masked_fill(mask.sum(2) == 0, float("-inf"))
