def cross_device_loss(X, Y, labels, rank, gather):
    sizes = [len(y) for y in gather(Y)]
    starts = torch.tensor([0, *sizes]).cumsum(0)
    passages = torch.cat([Y if r == rank else y for r, y in enumerate(gather(Y))])
    questions = torch.cat([X if r == rank else x for r, x in enumerate(gather(X))])
    wanted = torch.cat([l + starts[r] for r, l in enumerate(gather(labels))])
    log_p = (questions @ passages.T).log_softmax(dim=1)
    return -log_p[torch.arange(len(wanted)), wanted].mean() * len(sizes)
