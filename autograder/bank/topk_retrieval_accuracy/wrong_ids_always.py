# mistake: ids are compared even when titles are asked for. The argument `by` decides.
# caught by: by title
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        hits = sum(c["gold_id"] in c["topk_ids"][:k] for c in candidates)
        result[k] = 100 * hits / len(candidates)
    return result
