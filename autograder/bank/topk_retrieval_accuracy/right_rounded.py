def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    def hit(c, k):
        if by == "title":
            return c["gold_title"] in set(c["topk_titles"][:k])
        return c["gold_id"] in set(c["topk_ids"][:k])

    n = len(candidates)
    result = {k: round(sum(hit(c, k) for c in candidates) / n * 100, 2) for k in k_values}
    result["num_queries"] = n
    return result
