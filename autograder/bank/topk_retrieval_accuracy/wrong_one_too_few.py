# mistake: one candidate too few is looked at, so R@1 is always 0. Places 0 to k - 1 count.
# caught by: by passage id
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        hits = sum(c[f"gold_{by}"] in c[f"topk_{by}s"][: k - 1] for c in candidates)
        result[k] = 100 * hits / len(candidates)
    return result
