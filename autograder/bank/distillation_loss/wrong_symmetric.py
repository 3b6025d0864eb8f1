# mistake: the divergence is taken in both directions. Here it is the one from the pupil to the teacher's shares.
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    Y = Y.view(*scores.shape, -1)
    S = (X.unsqueeze(1) * Y).sum(2) / math.sqrt(X.size(1))
    loss = F.kl_div(F.log_softmax(S, dim=1), F.softmax(scores, dim=1), reduction="batchmean")
    loss = (loss + F.kl_div(F.log_softmax(scores, dim=1), F.softmax(S, dim=1), reduction="batchmean")) / 2
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
