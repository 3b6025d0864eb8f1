# mistake: exp is applied to the raw scores. Real scores are in the hundreds, of either sign, and exp makes them infinite or zero: subtract the largest score first, or let torch do it.
# caught by: duplicates left out
def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    copies = (P[labels].unsqueeze(1) == P.unsqueeze(0)).all(dim=2)
    copies[torch.arange(len(labels)), labels] = False
    E = S.exp() * ~copies
    loss = -(E[torch.arange(len(labels)), labels] / E.sum(dim=1)).log().mean()
    return loss, (E.argmax(dim=1) == labels).sum()
