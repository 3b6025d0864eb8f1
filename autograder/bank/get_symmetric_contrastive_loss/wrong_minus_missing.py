# mistake: the loss has the wrong sign: it falls as the right pairs become less likely. The loss is minus the log-probability.
# caught by: question to passage
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels))
    forward = S.log_softmax(dim=1)[rows, labels].mean()
    backward = S[:, labels].log_softmax(dim=0).diagonal().mean()
    return (1 - f) * forward + f * backward, (S.argmax(dim=1) == labels).sum()
