# mistake: the retriever's scores are not divided by the root of d.
# caught by: the root of d
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2)
    loss = F.kl_div(S.log_softmax(1), scores.softmax(1), reduction="batchmean")
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
