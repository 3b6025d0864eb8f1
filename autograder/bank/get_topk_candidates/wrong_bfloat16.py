# mistake: the scores are computed in bfloat16, in which neighbouring numbers near 270 are 2 apart. Keep the vectors' own type.
# caught by: the right passages, best first
def get_topk_candidates(X, Y, samples, passages, k):
    values, indices = torch.topk(X.bfloat16() @ Y.bfloat16().T, min(k, len(passages)), dim=1)
    return make_candidates(samples, passages, indices, values)
