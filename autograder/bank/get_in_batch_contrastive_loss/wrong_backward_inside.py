# mistake: the function calls backward() itself. The training loop does that: return the loss.
# caught by: gradient
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    loss = F.cross_entropy(S, labels)
    loss.backward()
    return loss, (S.argmax(dim=1) == labels).sum()
