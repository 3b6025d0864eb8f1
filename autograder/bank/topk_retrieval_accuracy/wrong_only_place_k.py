# mistake: only the candidate in place k is looked at. A gold passage that ranks higher is a hit too.
# caught by: by passage id
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        hits = sum(c[f"topk_{by}s"][k - 1 : k] == [c[f"gold_{by}"]] for c in candidates)
        result[k] = 100 * hits / len(candidates)
    return result
