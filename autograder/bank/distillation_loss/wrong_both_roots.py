# mistake: the reader's scores are divided by the root of d too. Only the retriever's are.
# caught by: the root of d
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    loss = F.kl_div(S.log_softmax(1), (scores / math.sqrt(X.size(1))).softmax(1), reduction="batchmean")
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
