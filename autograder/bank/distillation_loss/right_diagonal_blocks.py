def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    B, n = scores.shape
    everything = (X @ Y.T).view(B, B, n) / math.sqrt(X.size(1))
    S = everything[torch.arange(B), torch.arange(B)]
    loss = F.kl_div(S.log_softmax(1), scores.softmax(1), reduction="none").sum() / len(S)
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
