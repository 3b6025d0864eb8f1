# mistake: the positives' columns are taken at equal distances, such as every second one. That fails as soon as a sample brings fewer hard negatives: the columns are in `labels`.
# caught by: passage to question
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels), device=S.device)
    q2c = F.cross_entropy(S, labels)
    c2q = F.cross_entropy(S[:, ::2].T, rows)
    return (1 - f) * q2c + f * c2q, (S.argmax(dim=1) == labels).sum()
