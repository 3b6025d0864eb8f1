# mistake: the recalls come back as a list. A dict with the values of k as keys, and "num_queries", is asked for.
# caught by: by passage id
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    return [100 * sum(c[f"gold_{by}"] in c[f"topk_{by}s"][:k] for c in candidates) / len(candidates) for k in k_values]
