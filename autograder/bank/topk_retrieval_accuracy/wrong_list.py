# mistake: the recalls are returned as a list. Return a dict whose keys are the values of k and "num_queries".
# caught by: by passage id
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    return [100 * sum(c[f"gold_{by}"] in c[f"topk_{by}s"][:k] for c in candidates) / len(candidates) for k in k_values]
