# mistake: the two losses are averaged, whatever f is. Use the f that is given.
# caught by: question to passage
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels), device=S.device)
    q2c = F.cross_entropy(S, labels)
    c2q = F.cross_entropy(S[:, labels].T, rows)
    return (q2c + c2q) / 2, (S.argmax(dim=1) == labels).sum()
