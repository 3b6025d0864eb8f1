# mistake: a rank is taken to have as many passages as its largest label plus one. Hard negatives may stand behind its last positive: count the passages.
# caught by: blocks of different size
def cross_device_loss(X, Y, labels, rank, gather):
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    Xs[rank], Ys[rank] = X, Y
    offset, joint_labels = 0, []
    for own in all_labels:
        joint_labels.append(own + offset)
        offset += int(own.max()) + 1
    S = torch.cat(Xs) @ torch.cat(Ys).T
    return len(Xs) * F.cross_entropy(S, torch.cat(joint_labels))
