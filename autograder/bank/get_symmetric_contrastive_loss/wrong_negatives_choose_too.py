# mistake: the hard negatives are pulled to their question as well. Only the positives have a right question.
# caught by: passage to question
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels), device=S.device)
    owner = torch.bucketize(torch.arange(S.shape[1], device=S.device), labels, right=True) - 1
    q2c = F.cross_entropy(S, labels)
    c2q = F.cross_entropy(S.T, owner)
    return (1 - f) * q2c + f * c2q, (S.argmax(dim=1) == labels).sum()
