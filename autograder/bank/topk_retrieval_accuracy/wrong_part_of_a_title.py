# mistake: a title counts if the gold title is a part of it. A longer title is another article: compare whole titles.
# caught by: by title
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        if by == "id":
            hits = sum(c["gold_id"] in c["topk_ids"][:k] for c in candidates)
        else:
            hits = sum(any(c["gold_title"] in title for title in c["topk_titles"][:k]) for c in candidates)
        result[k] = 100 * hits / len(candidates)
    return result
