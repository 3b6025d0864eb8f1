# mistake: the labels are smoothed, so that every passage counts as partly right. Only the gold one is right.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    return F.cross_entropy(S, labels, label_smoothing=0.1), (S.argmax(dim=1) == labels).sum()
