# mistake: the number of questions is missing from the result. Recall on ten questions means less than recall on a thousand.
# caught by: number of questions
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    return {k: 100 * sum(c[f"gold_{by}"] in c[f"topk_{by}s"][:k] for c in candidates) / len(candidates) for k in k_values}
