# mistake: of results with equal scores only one is kept. They are different passages.
# caught by: ties as in one search
def merge_shards(results, k):
    all_scores, all_ids = [], []
    for b in range(len(results[0][0])):
        best = {}
        for s, names in results:
            for v, i in zip(s[b], names[b]):
                best.setdefault(float(v), i)
        chosen = sorted(best, reverse=True)[:k]
        all_scores.append(chosen)
        all_ids.append([best[v] for v in chosen])
    return np.array(all_scores), np.array(all_ids)
