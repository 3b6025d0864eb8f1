from collections import Counter


def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    hits, n = Counter(), 0
    for c in candidates:
        n += 1
        for rank, value in enumerate(c.get(f"topk_{by}s"), start=1):
            if value == c.get(f"gold_{by}"):
                hits.update(k for k in k_values if k >= rank)
                break
    return dict.fromkeys(k_values, 0.0) | {k: 100.0 * h / n for k, h in hits.items()} | {"num_queries": n}
