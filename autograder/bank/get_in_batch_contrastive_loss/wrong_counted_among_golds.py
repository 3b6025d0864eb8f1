# mistake: num_correct compares gold passages only with each other, so that a question may be counted as correct although a hard negative scores highest. All passages of the batch compete.
# caught by: number correct
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    best = (X @ Y[labels].T).max(dim=1).indices
    num_correct = sum(int(b) == i for i, b in enumerate(best))
    return F.cross_entropy(X @ Y.T, labels), torch.tensor(num_correct)
