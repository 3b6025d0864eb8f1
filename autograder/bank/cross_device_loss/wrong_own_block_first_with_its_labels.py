# mistake: this rank's own block is put first and the other ranks' after it, while the labels count in the order of the ranks.
# caught by: blocks of different size
def cross_device_loss(X, Y, labels, rank, gather):
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    Xs[rank], Ys[rank] = X, Y
    offset, joint_labels = 0, []
    for block, own in zip(Ys, all_labels):
        joint_labels.append(own + offset)
        offset += len(block)
    order = [rank, *(r for r in range(len(Xs)) if r != rank)]
    Xs, Ys, joint_labels = ([part[r] for r in order] for part in (Xs, Ys, joint_labels))
    return len(Xs) * F.cross_entropy(torch.cat(Xs) @ torch.cat(Ys).T, torch.cat(joint_labels))
