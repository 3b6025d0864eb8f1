# mistake: the model is switched to eval(), so that it trains without dropout. Leave the choice of mode to the caller.
# caught by: gradient
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    model.eval()
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
