# mistake: the lists are cut at the last of k_values, as if it were the largest. k_values may come in any order.
# caught by: by title
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    k_max = k_values[-1]
    golds = [c[f"gold_{by}"] for c in candidates]
    found = [c[f"topk_{by}s"][:k_max] for c in candidates]
    result = {k: 100 * sum(g in f[:k] for g, f in zip(golds, found)) / len(candidates) for k in k_values}
    result["num_queries"] = len(candidates)
    return result
