# mistake: a small number is added inside the logarithm, which changes the loss of every question. Where a share is 0, leave its term out.
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    T = scores.softmax(1)
    loss = (T * ((T + 1e-3).log() - S.log_softmax(1))).sum(1).mean()
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
