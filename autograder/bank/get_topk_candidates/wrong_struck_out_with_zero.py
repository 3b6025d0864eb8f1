# mistake: a passage that was found is struck out with the score 0, which is higher than a negative score, so that it is found again. Strike it out with minus infinity.
# caught by: the right passages, best first
def get_topk_candidates(X, Y, samples, passages, k):
    S = (X @ Y.T).clone()  # (B, N)
    rows = torch.arange(S.shape[0], device=S.device)
    values, indices = [], []
    for _ in range(min(k, S.shape[1])):
        best = S.argmax(dim=1)  # (B,)
        values.append(S[rows, best])
        indices.append(best)
        S[rows, best] = 0.0  # do not find it again
    return make_candidates(samples, passages, torch.stack(indices, dim=1), torch.stack(values, dim=1))
