# mistake: num_queries counts the questions with a hit. It is the number of all questions.
# caught by: number of questions
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": sum(c[f"gold_{by}"] in c[f"topk_{by}s"] for c in candidates)}
    for k in k_values:
        hits = sum(c[f"gold_{by}"] in c[f"topk_{by}s"][:k] for c in candidates)
        result[k] = 100 * hits / len(candidates)
    return result
