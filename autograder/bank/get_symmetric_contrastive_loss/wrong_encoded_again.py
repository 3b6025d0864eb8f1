# mistake: the texts are encoded a second time for the second direction. With dropout their vectors are then others: encode each text once, and make both directions of the same scores.
# caught by: the mixture
from previous import get_in_batch_contrastive_loss


def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    forward, num_correct = get_in_batch_contrastive_loss(model, batch)
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P[labels], P_mask[labels])
    backward = F.cross_entropy(Y @ X.T, torch.arange(len(X), device=X.device))
    return (1 - f) * forward + f * backward, num_correct
