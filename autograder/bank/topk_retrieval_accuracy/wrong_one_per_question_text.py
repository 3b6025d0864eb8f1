# mistake: candidates are collected by the text of their question, so that one that is asked twice counts once. Each dict of the list counts.
# caught by: number of questions
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    by_question = {c["question"]: c for c in candidates}
    result = {"num_queries": len(by_question)}
    for k in k_values:
        hits = sum(c[f"gold_{by}"] in c[f"topk_{by}s"][:k] for c in by_question.values())
        result[k] = 100 * hits / len(by_question)
    return result
