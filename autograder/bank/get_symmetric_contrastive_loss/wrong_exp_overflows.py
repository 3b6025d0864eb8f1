# mistake: exp is applied to the raw scores. Real scores are in the hundreds, of either sign, and exp makes them infinite or zero: subtract the largest score first, or let torch do it.
# caught by: question to passage
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels))
    E = S.exp()
    forward = -(E[rows, labels] / E.sum(dim=1)).log().mean()
    backward = -(E[rows, labels] / E[:, labels].sum(dim=0)).log().mean()
    return (1 - f) * forward + f * backward, (S.argmax(dim=1) == labels).sum()
