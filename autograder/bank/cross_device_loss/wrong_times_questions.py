# mistake: the loss is multiplied by the number of questions and not by the number of ranks.
# caught by: the average over the ranks
def cross_device_loss(X, Y, labels, rank, gather):
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    Xs[rank], Ys[rank] = X, Y
    offset, joint_labels = 0, []
    for block, own in zip(Ys, all_labels):
        joint_labels.append(own + offset)
        offset += len(block)
    S = torch.cat(Xs) @ torch.cat(Ys).T
    return len(X) * F.cross_entropy(S, torch.cat(joint_labels))
