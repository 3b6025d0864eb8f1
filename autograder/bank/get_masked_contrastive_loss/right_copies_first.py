def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    copies = (P.unsqueeze(0) == P.unsqueeze(1)).all(-1)
    copies = copies & ~torch.eye(len(P), dtype=torch.bool)
    S = X @ Y.T
    S[copies[labels]] = -torch.inf
    return F.cross_entropy(S, labels), (S.argmax(1) == labels).sum()
