# mistake: rank r's labels move by r times the number of this rank's passages. The ranks before may have brought more or fewer.
# caught by: blocks of different size
def cross_device_loss(X, Y, labels, rank, gather):
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    Xs[rank], Ys[rank] = X, Y
    N = sum(len(y) for y in Ys)
    joint_labels = torch.cat([(own + r * len(Y)) % N for r, own in enumerate(all_labels)])
    return len(Xs) * F.cross_entropy(torch.cat(Xs) @ torch.cat(Ys).T, joint_labels)
