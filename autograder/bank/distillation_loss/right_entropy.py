def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X[:, None] * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    T = scores.softmax(1)
    loss = F.cross_entropy(S, T) + torch.xlogy(T, T).sum(1).mean()
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
