# mistake: the passage vectors are detached, so that only the query encoder learns. Both sides must be trained.
# caught by: gradient
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.detach().T
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
