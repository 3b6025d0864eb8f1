def cross_device_loss(X, Y, labels, rank, gather):
    """The own block enters by adding what has a graph and is zero."""
    Xs, Ys, Ls = gather(X), gather(Y), gather(labels)
    world = len(Ls)
    Xs = [x + (X - X.detach()) if r == rank else x for r, x in enumerate(Xs)]
    Ys = [y + (Y - Y.detach()) if r == rank else y for r, y in enumerate(Ys)]
    columns = torch.cat(Ys)
    loss, before = 0.0, 0
    for x, y, l in zip(Xs, Ys, Ls):
        loss = loss + F.cross_entropy(x @ columns.T, l + before, reduction="sum")
        before += y.shape[0]
    return world * loss / sum(len(l) for l in Ls)
