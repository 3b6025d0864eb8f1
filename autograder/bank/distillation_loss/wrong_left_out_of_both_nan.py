# mistake: a passage whose score is -inf is taken out of the retriever's softmax too. Only the reader gives it the share 0; the retriever's share of it counts, and 0 times a logarithm of -inf is nan.
# caught by: a share of nothing
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    S = S.masked_fill(scores == float("-inf"), float("-inf"))
    loss = F.kl_div(F.log_softmax(S, dim=1), F.softmax(scores, dim=1), reduction="batchmean")
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
