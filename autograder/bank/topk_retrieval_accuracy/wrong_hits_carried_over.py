# mistake: the hits of one k are added to those of the k before it, because the count is not set back to 0.
# caught by: by passage id
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {}
    hits = 0
    for k in k_values:
        for c in candidates:
            if c[f"gold_{by}"] in c[f"topk_{by}s"][:k]:
                hits += 1
        result[k] = 100 * hits / len(candidates)
    result["num_queries"] = len(candidates)
    return result
