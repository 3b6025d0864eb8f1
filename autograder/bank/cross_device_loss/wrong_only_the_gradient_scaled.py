# mistake: the factor is put on the gradient alone, and the value that is returned is the mean loss. Return the loss itself times the factor.
# caught by: the average over the ranks
def cross_device_loss(X, Y, labels, rank, gather):
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    Xs[rank], Ys[rank] = X, Y
    offset, joint_labels = 0, []
    for block, own in zip(Ys, all_labels):
        joint_labels.append(own + offset)
        offset += len(block)
    loss = F.cross_entropy(torch.cat(Xs) @ torch.cat(Ys).T, torch.cat(joint_labels))
    return loss.detach() + len(Xs) * (loss - loss.detach())
