# mistake: the labels move by the number of questions on the ranks before. They are rows of Y: count passages.
# caught by: blocks of different size
def cross_device_loss(X, Y, labels, rank, gather):
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    Xs[rank], Ys[rank] = X, Y
    offset, joint_labels = 0, []
    for block, own in zip(Xs, all_labels):
        joint_labels.append(own + offset)
        offset += len(block)
    S = torch.cat(Xs) @ torch.cat(Ys).T
    return len(Xs) * F.cross_entropy(S, torch.cat(joint_labels))
