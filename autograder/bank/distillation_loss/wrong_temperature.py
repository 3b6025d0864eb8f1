# mistake: the scores are divided by a temperature, as in other kinds of distillation. Here there is none.
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    Y = Y.view(*scores.shape, -1)
    S = (X.unsqueeze(1) * Y).sum(2) / math.sqrt(X.size(1))
    loss = F.kl_div(F.log_softmax(S / 2, dim=1), F.softmax(scores / 2, dim=1), reduction="batchmean") * 4
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
