# mistake: a score of -inf is replaced by 0, which gives that passage a real share. Its share is 0: softmax takes -inf as it is.
# caught by: a share of nothing
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    Y = Y.view(*scores.shape, -1)
    S = (X.unsqueeze(1) * Y).sum(2) / math.sqrt(X.size(1))
    loss = F.kl_div(F.log_softmax(S, dim=1), F.softmax(scores.masked_fill(scores == float("-inf"), 0.0), dim=1), reduction="batchmean")
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
