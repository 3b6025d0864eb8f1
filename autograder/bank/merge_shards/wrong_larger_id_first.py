# mistake: among equal scores the larger id comes first. A search puts the earlier passage first.
# caught by: ties as in one search
def merge_shards(results, k):
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    pairs = [sorted(zip(s.tolist(), i.tolist()), reverse=True)[:k] for s, i in zip(scores, ids)]
    return np.array([[s for s, _ in row] for row in pairs]), np.array([[i for _, i in row] for row in pairs])
