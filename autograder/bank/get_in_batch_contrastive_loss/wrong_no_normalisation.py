# mistake: the loss is minus the gold scores alone. Without the sum over all passages nothing pushes the wrong ones down.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    return F.nll_loss(S, labels), (S.argmax(dim=1) == labels).sum()
