# mistake: the softmax of the retriever runs over all passages of the batch. Here a question has only its own n passages.
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    B, n = scores.shape
    everything = X @ Y.T / math.sqrt(X.size(1))
    S = everything.view(B, B, n)[torch.arange(B), torch.arange(B)]
    log_S = everything.log_softmax(1).view(B, B, n)[torch.arange(B), torch.arange(B)]
    loss = F.kl_div(log_S, scores.softmax(1), reduction="batchmean")
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
