# mistake: one maximum is subtracted from the scores of all questions. Where a question's scores lie far below it, exp gives only zeros: each row needs its own.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    E = (S - S.max()).exp()
    loss = -(E[torch.arange(len(labels)), labels] / E.sum(dim=1)).log().mean()
    return loss, (S.argmax(dim=1) == labels).sum()
