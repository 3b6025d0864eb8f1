def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    forward = F.cross_entropy(X @ Y.T, labels)
    backward = F.cross_entropy(Y[labels] @ X.T, torch.arange(len(X), device=X.device))
    return torch.lerp(forward, backward, f), ((X @ Y.T).argmax(1) == labels).sum()
