# mistake: num_correct adds up both directions. It must count only the questions that find their passage.
# caught by: number correct
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels), device=S.device)
    q2c = F.cross_entropy(S, labels)
    c2q = F.cross_entropy(S[:, labels].T, rows)
    return (1 - f) * q2c + f * c2q, (S.argmax(dim=1) == labels).sum() + (S[:, labels].argmax(dim=0) == rows).sum()
