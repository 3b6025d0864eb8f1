# mistake: the logarithm is taken of a finished softmax. A gold passage that scores a few hundred less than the best has the probability 0, and the logarithm of 0 is infinite: cross_entropy and log_softmax take both in one step.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(S.shape[0])
    E = torch.exp(S - S.max(dim=1, keepdim=True).values)
    p = E[rows, labels] / E.sum(1)
    return -torch.log(p).sum() / len(p), torch.count_nonzero(S.argmax(-1) == labels)
