# mistake: f = 0 is taken for an f that is not given, as `f or 1/3` does. 0 is a weight like any other.
# caught by: question to passage
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    S = X @ Y.T  # (B, N)
    f = f or 1 / 3  # the default
    forward = F.cross_entropy(S, labels)
    backward = F.cross_entropy(S[:, labels].T, torch.arange(len(labels), device=S.device))
    loss = (1 - f) * forward + f * backward
    return loss, (S.argmax(dim=1) == labels).sum()
