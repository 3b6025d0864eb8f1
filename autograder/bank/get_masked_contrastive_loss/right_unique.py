def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    _, text = torch.unique(P, dim=0, return_inverse=True)
    same_text = text[labels].unsqueeze(1) == text.unsqueeze(0)
    is_gold = torch.arange(len(P)).unsqueeze(0) == labels.unsqueeze(1)
    S = torch.where(same_text & ~is_gold, torch.tensor(float("-inf")), X @ Y.T)
    log_p = S.log_softmax(dim=1)
    return -log_p[is_gold].mean(), (S.max(dim=1)[1] == labels).sum()
