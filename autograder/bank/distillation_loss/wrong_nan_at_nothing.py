# mistake: a share of 0 gives 0 times -inf, which is nan. kl_div treats it as 0.
# caught by: a share of nothing
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    T = scores.softmax(1)
    loss = (T * (T.log() - S.log_softmax(1))).sum(1).mean()
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
