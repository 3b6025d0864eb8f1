import numpy as np


def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    ranks = []
    for c in candidates:
        topk, gold = c["topk_" + by + "s"], c["gold_" + by]
        ranks.append(topk.index(gold) if gold in topk else np.inf)
    ranks = np.array(ranks)
    return {**{k: (ranks < k).mean() * 100 for k in k_values}, "num_queries": len(ranks)}
