# mistake: the softmax runs over the questions, not over the passages. For each question the passages compete.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    log_p = S.log_softmax(dim=0)
    return -log_p[torch.arange(len(labels)), labels].mean(), (S.argmax(dim=1) == labels).sum()
