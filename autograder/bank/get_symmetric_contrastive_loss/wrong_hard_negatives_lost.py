# mistake: question to passage sees the positives only, and the hard negatives are wasted.
# caught by: question to passage
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels), device=S.device)
    positives = S[:, labels]
    q2c = F.cross_entropy(positives, rows)
    c2q = F.cross_entropy(positives.T, rows)
    return (1 - f) * q2c + f * c2q, (S.argmax(dim=1) == labels).sum()
