def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    B, n = scores.shape
    S = torch.einsum("bd,bnd->bn", X, Y.unflatten(0, (B, n))) / math.sqrt(X.size(1))
    shares = F.softmax(scores, dim=1)
    entropy = torch.special.entr(shares).sum(1)  # 0 where the share is 0
    loss = (F.cross_entropy(S, shares, reduction="none") - entropy).mean()
    return loss, (S.topk(1, dim=1).indices == scores.topk(1, dim=1).indices).sum()
