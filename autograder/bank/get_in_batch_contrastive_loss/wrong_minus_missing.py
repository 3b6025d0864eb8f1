# mistake: the loss has the wrong sign: it falls as the gold passages become less likely. The loss is minus the log-probability.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    loss = S.log_softmax(dim=1)[torch.arange(len(labels)), labels].mean()
    return loss, (S.argmax(dim=1) == labels).sum()
