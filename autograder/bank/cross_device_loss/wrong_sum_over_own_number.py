# mistake: the summed loss is divided by the number of this rank's questions. That is W times the mean only where all ranks bring equally many.
# caught by: the average over the ranks
def cross_device_loss(X, Y, labels, rank, gather):
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    Xs[rank], Ys[rank] = X, Y
    offset, joint_labels = 0, []
    for block, own in zip(Ys, all_labels):
        joint_labels.append(own + offset)
        offset += len(block)
    S = torch.cat(Xs) @ torch.cat(Ys).T
    return F.cross_entropy(S, torch.cat(joint_labels), reduction="sum") / len(X)
