def merge_shards(results, k):
    rows = []
    for b in range(results[0][0].shape[0]):
        pairs = [(v, i) for s, names in results for v, i in zip(s[b], names[b])]
        rows.append(sorted(pairs, key=lambda pair: pair[0], reverse=True)[:k])
    return np.array([[v for v, _ in row] for row in rows]), [[i for _, i in row] for row in rows]
