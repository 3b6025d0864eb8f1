# mistake: the first tokens of a passage are taken for the real ones, as many as its mask has ones. Padding may also come before real tokens: use the mask itself.
# caught by: padding
def passage_scores(logits, mask):
    B, n, L = mask.shape
    A = logits.mean(dim=(1, 2)).reshape(B, n, L)
    tokens = mask.sum(2)
    real = torch.arange(L) < tokens.unsqueeze(2)
    return (A.where(real, torch.zeros_like(A)).sum(2) / tokens).masked_fill(tokens == 0, float("-inf"))
