# mistake: the gold passage of question i is taken to be row i. With hard negatives in the batch it is not: use `labels`.
# caught by: hard negatives and their labels
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, _ = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    labels = torch.arange(len(X), device=X.device)
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
