# mistake: the scores are computed in bfloat16, in which neighbouring numbers near 270 are 2 apart. Keep the vectors' own type.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X.bfloat16() @ Y.bfloat16().T
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
