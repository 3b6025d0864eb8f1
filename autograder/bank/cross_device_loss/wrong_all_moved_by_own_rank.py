# mistake: all labels move by the passages before this rank. Each rank's labels move by the passages before that rank.
# caught by: loss over the joint batch
def cross_device_loss(X, Y, labels, rank, gather):
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    Xs[rank], Ys[rank] = X, Y
    before, N = sum(len(y) for y in Ys[:rank]), sum(len(y) for y in Ys)
    joint_labels = (torch.cat(all_labels) + before) % N
    return len(Xs) * F.cross_entropy(torch.cat(Xs) @ torch.cat(Ys).T, joint_labels)
