# mistake: num_correct is a share between 0 and 1. Return the number of questions.
# caught by: number correct
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).float().mean()
