# mistake: the first question's order is used for every question.
# caught by: the best of all shards
def merge_shards(results, k):
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return scores[:, order[0]], ids[:, order[0]]
