# mistake: the model is left in eval mode. Its mode is the caller's.
# caught by: gradient
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    model.eval()
    X, Y = model(Q, Q_mask, P, P_mask)
    Y = Y.view(*scores.shape, -1)
    S = (X.unsqueeze(1) * Y).sum(2) / math.sqrt(X.size(1))
    loss = F.kl_div(F.log_softmax(S, dim=1), F.softmax(scores, dim=1), reduction="batchmean")
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
