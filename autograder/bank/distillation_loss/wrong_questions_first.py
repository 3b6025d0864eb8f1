# mistake: the rows of P are dealt to the questions in turn. The first n rows belong to question 0, the next n to question 1.
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    B, n = scores.shape
    S = (X.unsqueeze(1) * Y.view(n, B, -1).transpose(0, 1)).sum(2) / math.sqrt(X.size(1))
    loss = F.kl_div(S.log_softmax(1), scores.softmax(1), reduction="batchmean")
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
