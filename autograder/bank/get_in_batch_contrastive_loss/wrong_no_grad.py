# mistake: the loss is cut off from the model (no_grad, detach, item, or a new tensor of numbers), so that it cannot be differentiated.
# caught by: gradient
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    with torch.no_grad():
        X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
