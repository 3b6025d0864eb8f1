# mistake: the gold passage competes only with the highest-scoring other passage. All passages of the batch belong in the sum.
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
