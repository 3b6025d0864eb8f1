# mistake: the lists of candidates are cut in place, so that a larger k finds no more than a smaller one. Leave the input as it is.
# caught by: number of questions
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        hits = 0
        for c in candidates:
            del c[f"topk_{by}s"][k:]
            hits += c[f"gold_{by}"] in c[f"topk_{by}s"]
        result[k] = 100 * hits / len(candidates)
    return result
