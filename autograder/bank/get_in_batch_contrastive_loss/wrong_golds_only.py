# mistake: only gold passages compete and the hard negatives are thrown away. Every row of P is a candidate.
# caught by: hard negatives and their labels
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y[labels].T
    diagonal = torch.arange(len(X), device=X.device)
    return F.cross_entropy(S, diagonal), (S.argmax(dim=1) == diagonal).sum()
