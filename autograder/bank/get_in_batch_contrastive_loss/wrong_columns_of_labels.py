# mistake: the columns in `labels` are taken from every row, [:, labels], and not one entry from each. Row i needs the column labels[i] alone.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    loss = -S.log_softmax(dim=1)[:, labels].mean()
    return loss, (S.argmax(dim=1) == labels).sum()
