# mistake: only the reader's best passage counts, as a label. The pupil is to have the shares of all n passages.
# caught by: loss
def distillation_loss(model, batch):
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = (X.unsqueeze(1) * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))
    loss = F.cross_entropy(S, scores.argmax(1))
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
