# mistake: the losses are summed over the batch. Return the mean, so that a larger batch does not mean larger steps.
# caught by: question to passage
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels), device=S.device)
    q2c = F.cross_entropy(S, labels, reduction="sum")
    c2q = F.cross_entropy(S[:, labels].T, rows, reduction="sum")
    return (1 - f) * q2c + f * c2q, (S.argmax(dim=1) == labels).sum()
