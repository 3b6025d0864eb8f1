def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    B, n = scores.shape
    S = torch.einsum("bd,bnd->bn", X, Y.reshape(B, n, -1)) * X.size(1) ** -0.5
    loss = F.kl_div(S.log_softmax(-1), scores.softmax(-1), reduction="sum") / B
    return loss, (S.argmax(-1) == scores.argmax(-1)).sum()
