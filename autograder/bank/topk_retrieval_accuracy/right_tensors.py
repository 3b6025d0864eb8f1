def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    results = {}
    for k in sorted(k_values):
        hits = torch.tensor([any(t == c[f"gold_{by}"] for t in c[f"topk_{by}s"][:k]) for c in candidates])
        results[k] = 100 * hits.float().mean()
    results["num_queries"] = torch.tensor(len(candidates))
    return results
