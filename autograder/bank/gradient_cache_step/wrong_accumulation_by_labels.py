# mistake: the gradients of small batches are added up. Each of them has fewer negatives: the loss must be that of the whole batch.
# caught by: loss
def gradient_cache_step(model, batch, loss_fn, chunk_size):
    Q, Q_mask, P, P_mask, labels = batch
    B, total, num_correct = len(Q), 0.0, 0
    for i in range(0, B, chunk_size):
        j = min(i + chunk_size, B)
        start, end = int(labels[i]), int(labels[j]) if j < B else len(P)
        loss, n = loss_fn(model, (Q[i:j], Q_mask[i:j], P[start:end], P_mask[start:end], labels[i:j] - start))
        loss = loss * (j - i) / B
        loss.backward()
        total, num_correct = total + loss.detach(), num_correct + n
    return total, num_correct
