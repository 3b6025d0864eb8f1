# mistake: the logarithm is taken of a finished softmax, from passage to question. A positive that scores a few hundred less than the best has the probability 0, and the logarithm of 0 is infinite: cross_entropy and log_softmax take both in one step.
# caught by: passage to question
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    S = X @ Y.T  # (B, N)
    rows = torch.arange(len(labels), device=S.device)
    forward = F.cross_entropy(S, labels)
    p = S.softmax(dim=0)[rows, labels]  # each positive's probability of its own question
    backward = -p.log().mean()
    loss = (1 - f) * forward + f * backward
    return loss, (S.argmax(dim=1) == labels).sum()
