# mistake: a question counts as correct if its first passage is the pupil's best. The reader's best may be another one.
# caught by: number correct
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    loss = F.kl_div(S.log_softmax(1), scores.softmax(1), reduction="batchmean")
    return loss, (S.argmax(1) == 0).sum()
