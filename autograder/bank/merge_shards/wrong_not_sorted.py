# mistake: the shards' results are put side by side and cut, without being sorted: shard 0 wins, whatever its scores.
# caught by: the best of all shards
def merge_shards(results, k):
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    return scores[:, :k], ids[:, :k]
