def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    for i in range(len(labels)):
        gold = int(labels[i])
        for j in range(len(P)):
            if j != gold and torch.equal(P[j], P[gold]):
                S[i, j] = float("-inf")
    loss = F.cross_entropy(S, labels)
    return loss, (S.argmax(dim=1) == labels).sum().item()
