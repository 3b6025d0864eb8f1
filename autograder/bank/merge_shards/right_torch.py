def merge_shards(results, k):
    scores = torch.cat([torch.as_tensor(s) for s, _ in results], dim=1)
    ids = np.hstack([i for _, i in results])
    values, order = scores.sort(dim=1, descending=True, stable=True)
    return values[:, :k], np.stack([row[o] for row, o in zip(ids, order[:, :k].numpy())])
