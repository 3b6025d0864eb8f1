# mistake: num_correct holds True or False for each question. Return how many are True.
# caught by: number correct
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    return F.cross_entropy(S, labels), S.argmax(dim=1) == labels
