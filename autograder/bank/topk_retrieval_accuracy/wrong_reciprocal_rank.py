# mistake: hits further down count less, which is the mean reciprocal rank. Here a hit within the first k is a hit.
# caught by: by passage id
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        total = 0.0
        for c in candidates:
            if c[f"gold_{by}"] in c[f"topk_{by}s"][:k]:
                total += 1 / (c[f"topk_{by}s"].index(c[f"gold_{by}"]) + 1)
        result[k] = 100 * total / len(candidates)
    return result
