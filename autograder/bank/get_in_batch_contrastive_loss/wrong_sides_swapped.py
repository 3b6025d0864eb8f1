# mistake: the model gets passages as questions and questions as passages. Look at the order of its arguments.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    Y, X = model(P, P_mask, Q, Q_mask)
    S = X @ Y.T
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
