from previous import get_in_batch_contrastive_loss


def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    forward, num_correct = get_in_batch_contrastive_loss(model, batch)
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P[labels], P_mask[labels])
    backward = F.nll_loss((Y @ X.T).log_softmax(dim=1), torch.arange(len(X), device=X.device))
    return (1 - f) * forward + f * backward, num_correct
