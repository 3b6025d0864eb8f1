def compare_rankings(teacher, student, k):
    order = torch.argsort(teacher, descending=True, stable=True)
    place = torch.empty_like(order)
    place[order] = torch.arange(len(order))
    x = place[torch.argsort(student, descending=True, stable=True)]
    inversions = torch.triu(x[:, None] > x[None, :], diagonal=1).sum().item()
    return inversions, (x[:k] < k).float().mean().item(), (x < k).nonzero().max().item() + 1
