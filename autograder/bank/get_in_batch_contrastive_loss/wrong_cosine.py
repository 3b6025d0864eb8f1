# mistake: the vectors are scaled to length 1. The score is the plain dot product.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = F.normalize(X, dim=1) @ F.normalize(Y, dim=1).T
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
