# mistake: a question counts as correct if its gold passage has more than half of the probability. It only needs the largest share.
# caught by: number correct
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    p = S.softmax(dim=1)[torch.arange(len(labels)), labels]
    return F.cross_entropy(S, labels), (p > 0.5).sum()
