# mistake: the gold passage competes with the best of the others only. All passages of the batch are in the sum.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels))
    gold = S[rows, labels]
    others = S.clone()
    others[rows, labels] = float("-inf")
    return F.softplus(others.max(dim=1).values - gold).mean(), (S.argmax(dim=1) == labels).sum()
