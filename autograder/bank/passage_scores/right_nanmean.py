def passage_scores(logits, mask):
    A = logits.unflatten(3, mask.shape[1:])  # (B, layers, heads, n, L)
    A = A.masked_fill(mask[:, None, None] == 0, float("nan"))
    return A.nanmean(dim=(1, 2, 4)).nan_to_num(nan=float("-inf"), neginf=float("-inf"))
