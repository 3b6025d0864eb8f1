# mistake: the softmax is applied twice: cross_entropy has its own. Give it the scores as they are.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X @ Y.T).softmax(dim=1)
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
