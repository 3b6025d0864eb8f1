# mistake: the softmax runs over all scores of the batch at once. Each question needs its own softmax, over its row.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    loss = -S.flatten().log_softmax(dim=0).view_as(S)[torch.arange(len(labels)), labels].mean()
    return loss, (S.argmax(dim=1) == labels).sum()
