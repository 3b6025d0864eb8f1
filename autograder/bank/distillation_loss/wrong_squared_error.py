# mistake: this is the squared difference of the shares, not their divergence.
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    loss = (S.softmax(1) - scores.softmax(1)).square().sum(1).mean()
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
