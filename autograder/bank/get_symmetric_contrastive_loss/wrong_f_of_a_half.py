# mistake: f is 1/2 when it is not given: its default was changed. Leave it at 1/3.
# caught by: the mixture
def get_symmetric_contrastive_loss(model, batch, f=0.5):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    forward = F.cross_entropy(S, labels)
    backward = F.cross_entropy(S[:, labels].T, torch.arange(len(labels)))
    return (1 - f) * forward + f * backward, (S.argmax(dim=1) == labels).sum()
