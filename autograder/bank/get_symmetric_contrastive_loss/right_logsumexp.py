def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels), device=S.device)
    gold = S[rows, labels]
    q2c = (S.logsumexp(dim=1) - gold).mean()
    c2q = (S.index_select(1, labels).logsumexp(dim=0) - gold).mean()
    num_correct = int((S.argmax(dim=1) == labels).sum())
    return q2c + f * (c2q - q2c), num_correct
