# mistake: hits are also divided by k, which is precision. There is one gold passage per question: divide by the number of questions only.
# caught by: by passage id
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        hits = sum(c[f"gold_{by}"] in c[f"topk_{by}s"][:k] for c in candidates)
        result[k] = 100 * hits / (len(candidates) * k)
    return result
