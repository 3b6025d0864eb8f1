# mistake: each question meets only the passages of its own rank: nothing was gained by the other devices.
# caught by: loss over the joint batch
def cross_device_loss(X, Y, labels, rank, gather):
    world = len(gather(X))
    return world * F.cross_entropy(X @ Y.T, labels)
