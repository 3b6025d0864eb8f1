def index_recall(found, exact):
    found, exact = torch.as_tensor(found), torch.as_tensor(exact)
    real = exact.ge(0)
    hit = (exact.unsqueeze(2) == found.unsqueeze(1)).any(2) & real
    return 100 * (hit.sum(1) / real.sum(1)).mean()
