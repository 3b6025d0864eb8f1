# mistake: every row gives all the columns in `labels`, as [:, labels] does, instead of one entry. Row i needs only the column labels[i].
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    loss = -S.log_softmax(dim=1)[:, labels].mean()
    return loss, (S.argmax(dim=1) == labels).sum()
