# mistake: the mean is taken twice: batchmean divides by the number of questions already.
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    Y = Y.view(*scores.shape, -1)
    S = (X.unsqueeze(1) * Y).sum(2) / math.sqrt(X.size(1))
    loss = F.kl_div(F.log_softmax(S, dim=1), F.softmax(scores, dim=1), reduction="batchmean")
    return loss / len(X), (S.argmax(1) == scores.argmax(1)).sum()
