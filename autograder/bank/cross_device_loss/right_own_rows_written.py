def cross_device_loss(X, Y, labels, rank, gather):
    """The own rows are put between slices of the joint tensors; the loss is written out."""

    def joined(parts, own):
        start = sum(len(p) for p in parts[:rank])
        everything = torch.cat(parts)
        return torch.cat([everything[:start], own, everything[start + len(own) :]])

    Xs, Ys, Ls = gather(X), gather(Y), gather(labels)
    targets = torch.cat([own + sum(len(y) for y in Ys[:r]) for r, own in enumerate(Ls)])
    S = torch.einsum("qd,pd->qp", joined(Xs, X), joined(Ys, Y))
    return len(Xs) * (S.logsumexp(1) - S.gather(1, targets[:, None]).squeeze(1)).mean()
