# mistake: the gathered copies are used as they are. They have no graph, so that nothing can be learned: put your own vectors back in their place.
# caught by: gradient through the rank's own block
def cross_device_loss(X, Y, labels, rank, gather):
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    offset, joint_labels = 0, []
    for block, own in zip(Ys, all_labels):
        joint_labels.append(own + offset)
        offset += len(block)
    S = torch.cat(Xs) @ torch.cat(Ys).T
    return len(Xs) * F.cross_entropy(S, torch.cat(joint_labels))
