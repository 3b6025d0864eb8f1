# mistake: titles are compared even when ids are asked for. Another passage of the same article is then a hit.
# caught by: by passage id
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    result = {"num_queries": len(candidates)}
    for k in k_values:
        hits = sum(c["gold_title"] in c["topk_titles"][:k] for c in candidates)
        result[k] = 100 * hits / len(candidates)
    return result
