# mistake: only passage to question has a weight. Question to passage needs its weight too, 1 - f.
# caught by: passage to question
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels), device=S.device)
    q2c = F.cross_entropy(S, labels)
    c2q = F.cross_entropy(S[:, labels].T, rows)
    return q2c + f * c2q, (S.argmax(dim=1) == labels).sum()
