def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X = torch.cat([model(Q[i : i + 1], Q_mask[i : i + 1])[0] for i in range(len(Q))])
    Y = torch.cat([model(None, None, P[j : j + 1], P_mask[j : j + 1])[1] for j in range(len(P))])
    S = X @ Y.T
    losses = [F.cross_entropy(S, labels), F.cross_entropy(S.T[labels], torch.arange(len(Q)))]
    return (1 - f) * losses[0] + f * losses[1], (S.max(dim=1).indices == labels).sum()
