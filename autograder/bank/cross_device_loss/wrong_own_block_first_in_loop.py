# mistake: this rank's own block is put first and the other ranks' after it, while the labels count in the order of the ranks.
# caught by: blocks of different size
def cross_device_loss(X, Y, labels, rank, gather):
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    offset, joint_labels = 0, []
    for block, own in zip(Ys, all_labels):
        joint_labels.append(own + offset)
        offset += len(block)
    Xs = [X] + [x for r, x in enumerate(Xs) if r != rank]
    Ys = [Y] + [y for r, y in enumerate(Ys) if r != rank]
    return len(Xs) * F.cross_entropy(torch.cat(Xs) @ torch.cat(Ys).T, torch.cat(joint_labels))
