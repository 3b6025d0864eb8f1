# mistake: exp is applied to the raw scores. Real scores are in the hundreds, of either sign, and exp makes them infinite or zero: subtract the largest score first, or let torch do it.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    E = S.exp()
    loss = -(E[torch.arange(len(labels)), labels] / E.sum(dim=1)).log().mean()
    return loss, (S.argmax(dim=1) == labels).sum()
