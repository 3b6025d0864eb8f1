# mistake: the softmax runs over the questions (dim 0). Each question has its own, over its passages (dim 1).
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    loss = F.kl_div(S.log_softmax(0), scores.softmax(0), reduction="batchmean")
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
