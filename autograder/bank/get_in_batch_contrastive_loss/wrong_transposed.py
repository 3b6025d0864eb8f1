# mistake: the scores are transposed, so each passage chooses among the questions. Each row of scores must belong to one question.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = Y @ X.T
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
