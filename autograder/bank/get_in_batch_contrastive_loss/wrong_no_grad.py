# mistake: the model runs under no_grad, so the loss cannot be differentiated. no_grad is for evaluation, not for training.
# caught by: gradient
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    with torch.no_grad():
        X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
