def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (Y.view(*scores.shape, -1) @ X.unsqueeze(2)).squeeze(2) / X.size(1) ** 0.5
    T, log_S = scores.softmax(1), S.log_softmax(1)
    terms = torch.where(T > 0, T * (scores.log_softmax(1) - log_S), torch.zeros_like(T))
    return terms.sum(1).mean(), int((S.argmax(1) == scores.argmax(1)).sum())
