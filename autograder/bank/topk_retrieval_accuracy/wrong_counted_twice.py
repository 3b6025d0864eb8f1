# mistake: a question with two passages of the right article counts twice. A question is a hit or it is not.
# caught by: by title
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        hits = 0
        for c in candidates:
            for found in c[f"topk_{by}s"][:k]:
                if found == c[f"gold_{by}"]:
                    hits += 1
        result[k] = 100 * hits / len(candidates)
    return result
