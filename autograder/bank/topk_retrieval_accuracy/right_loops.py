def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    gold_key, topk_key = ("gold_id", "topk_ids") if by == "id" else ("gold_title", "topk_titles")
    recall = {}
    for k in k_values:
        hits = 0
        for c in candidates:
            for found in c[topk_key][:k]:
                if found == c[gold_key]:
                    hits += 1
                    break
        recall[k] = hits / len(candidates) * 100.0
    recall["num_queries"] = len(candidates)
    return recall
