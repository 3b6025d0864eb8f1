# mistake: the results of all questions are sorted together. Each question has its own list.
# caught by: the best of all shards
def merge_shards(results, k):
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    order = np.argsort(-scores, axis=None, kind="stable")[: k * len(scores)]
    return scores.ravel()[order].reshape(len(scores), -1), ids.ravel()[order].reshape(len(scores), -1)
