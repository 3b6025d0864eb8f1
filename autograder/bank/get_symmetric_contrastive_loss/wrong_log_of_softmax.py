# mistake: exp gives 0 where scores lie a few hundred apart, and its logarithm is infinite: a softmax whose logarithm is taken afterwards does that, and so does one maximum that is subtracted from all rows. cross_entropy and log_softmax take both in one step.
# caught by: passage to question
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels))
    forward = -S.softmax(dim=1)[rows, labels].log().mean()
    backward = -S[:, labels].softmax(dim=0).diag().log().mean()
    return (1 - f) * forward + f * backward, (S.argmax(dim=1) == labels).sum()
