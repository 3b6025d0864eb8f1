# mistake: questions whose gold passage was not found at all are left out of the mean. They are misses, and misses count.
# caught by: by passage id
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    found = [c for c in candidates if c[f"gold_{by}"] in c[f"topk_{by}s"]]
    result = {"num_queries": len(candidates)}
    for k in k_values:
        hits = sum(c[f"gold_{by}"] in c[f"topk_{by}s"][:k] for c in found)
        result[k] = 100 * hits / len(found)
    return result
