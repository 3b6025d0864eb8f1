# mistake: teacher and pupil are exchanged: this is the divergence of the teacher from the pupil. The target, kl_div's second argument, is the reader's share.
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    loss = F.kl_div(scores.log_softmax(1), S.softmax(1), reduction="batchmean")
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
