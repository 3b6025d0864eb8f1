import heapq


def get_topk_candidates(X, Y, samples, passages, k):
    rows, scores = [], []
    for x in X:
        best = heapq.nlargest(k, ((float(torch.dot(x, y)), i) for i, y in enumerate(Y)))
        rows.append([i for _, i in best])
        scores.append([s for s, _ in best])
    return make_candidates(samples, passages, topk_indices=rows, topk_values=scores)
