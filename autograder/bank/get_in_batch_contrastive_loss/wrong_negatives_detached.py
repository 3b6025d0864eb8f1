# mistake: the gradient reaches the gold passages only. The negatives must be pushed away too.
# caught by: gradient
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.detach().T
    is_gold = F.one_hot(labels, S.shape[1]).bool()
    S = torch.where(is_gold, X @ Y.T, S)
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
