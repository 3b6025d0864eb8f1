# mistake: this is the cross-entropy with the reader's shares. It has the same gradient, but it is larger by the entropy of the reader's shares: it does not become 0 when the two agree.
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    loss = F.cross_entropy(S, scores.softmax(1))
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
