# mistake: only the first candidate is looked at, whatever k is. A hit at k may stand at any of the first k places.
# caught by: by passage id
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        result[k] = 100 * sum(c[f"gold_{by}"] == c[f"topk_{by}s"][0] for c in candidates) / len(candidates)
    return result
