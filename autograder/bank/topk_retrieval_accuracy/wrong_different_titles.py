# mistake: candidates with equal titles are counted as one before the list is cut at k. Each candidate takes a place, and only the first k count.
# caught by: by title
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        hits = 0
        for c in candidates:
            unique = list(dict.fromkeys(c[f"topk_{by}s"]))
            hits += c[f"gold_{by}"] in unique[:k]
        result[k] = 100 * hits / len(candidates)
    return result
