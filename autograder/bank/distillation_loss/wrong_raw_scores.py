# mistake: the reader's scores are the target as they are. A target of kl_div is a distribution: take their softmax.
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    loss = F.kl_div(S.log_softmax(1), scores, reduction="batchmean")
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
