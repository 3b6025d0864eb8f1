# mistake: a question counts as correct if its gold passage is among the best two. It must be the best.
# caught by: number correct
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    return F.cross_entropy(S, labels), (S.topk(2, dim=1).indices == labels.unsqueeze(1)).any(dim=1).sum()
