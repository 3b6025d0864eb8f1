# mistake: copies are added to the gold passage as further right answers. Leave them out instead.
# caught by: duplicates left out
def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    same = (P[labels].unsqueeze(1) == P.unsqueeze(0)).all(dim=2)
    S = X @ Y.T
    p = (S.softmax(dim=1) * same).sum(dim=1)
    return -p.log().mean(), same[torch.arange(len(labels)), S.argmax(dim=1)].sum()
