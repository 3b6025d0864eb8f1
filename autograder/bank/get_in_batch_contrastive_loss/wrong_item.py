# mistake: the loss is a Python number. It must stay a tensor, or there is nothing to differentiate.
# caught by: gradient
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    loss = F.cross_entropy(S, labels)
    return loss.item(), (S.argmax(dim=1) == labels).sum().item()
