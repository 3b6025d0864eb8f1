# mistake: each pair is judged on its own, as right or wrong. Here the passages compete for each question: one softmax per row.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    target = F.one_hot(labels, S.shape[1]).float()
    return F.binary_cross_entropy_with_logits(S, target), (S.argmax(dim=1) == labels).sum()
