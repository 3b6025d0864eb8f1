# mistake: the scores are divided by the root of d, as in attention. Here they are plain dot products.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T / X.shape[1] ** 0.5
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
