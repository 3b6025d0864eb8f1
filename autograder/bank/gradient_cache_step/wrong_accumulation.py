# mistake: the gradients of small batches are added up. Each of them has fewer negatives: the loss must be that of the whole batch.
# caught by: loss
def gradient_cache_step(model, batch, loss_fn, chunk_size):
    Q, Q_mask, P, P_mask, labels = batch
    total, correct, n = 0.0, 0, 0
    for i in range(0, len(Q), 1):
        row = labels[i : i + 1]
        small = (Q[i : i + 1], Q_mask[i : i + 1], P[row], P_mask[row], torch.zeros(1, dtype=torch.long))
        loss, c = loss_fn(model, small)
        (loss / len(Q)).backward()
        total, correct = total + loss.detach() / len(Q), correct + c
    return total, correct
