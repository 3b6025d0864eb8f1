# mistake: a list shorter than k counts as a miss. If all candidates are looked at and the gold passage is among them, it is a hit.
# caught by: number of questions
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        hits = 0
        for c in candidates:
            found = c[f"topk_{by}s"]
            if len(found) >= k and c[f"gold_{by}"] in found[:k]:
                hits += 1
        result[k] = 100 * hits / len(candidates)
    return result
