def merge_shards(results, k):
    import heapq

    scores, ids = [], []
    for row in range(len(results[0][0])):
        lists = [[(-float(v), shard, place) for place, v in enumerate(s[row])] for shard, (s, _) in enumerate(results)]
        best = list(heapq.merge(*lists))[:k]
        scores.append([-v for v, _, _ in best])
        ids.append([str(results[shard][1][row][place]) for _, shard, place in best])
    return np.array(scores), np.array(ids)
