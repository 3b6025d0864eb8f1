# mistake: the mean of the ranks' means is taken. Ranks may bring different numbers of questions, and each question counts the same: take one mean over all of them.
# caught by: blocks of different size
def cross_device_loss(X, Y, labels, rank, gather):
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    Xs[rank], Ys[rank] = X, Y
    loss, offset = 0, 0
    for x, y, own in zip(Xs, Ys, all_labels):
        loss = loss + F.cross_entropy(x @ torch.cat(Ys).T, own + offset)
        offset += len(y)
    return loss
