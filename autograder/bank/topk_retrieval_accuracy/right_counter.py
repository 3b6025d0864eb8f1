from collections import Counter


def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    ranks = Counter()
    for c in candidates:
        try:
            ranks[c[f"topk_{by}s"].index(c[f"gold_{by}"]) + 1] += 1
        except ValueError:
            continue  # not found at all
    result = {k: sum(n for rank, n in ranks.items() if rank <= k) / len(candidates) * 100 for k in k_values}
    result["num_queries"] = len(candidates)
    return result
