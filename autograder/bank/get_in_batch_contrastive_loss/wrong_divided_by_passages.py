# mistake: the sum of the losses is divided by the number of passages. Divide by the number of questions: with hard negatives there are fewer of them.
# caught by: hard negatives and their labels
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    S = X @ Y.T  # (B, N)
    log_p = F.log_softmax(S, dim=1)
    loss = F.nll_loss(log_p, labels, reduction="sum") / S.shape[1]
    num_correct = (S.argmax(dim=1) == labels).sum()
    return loss, num_correct
