# mistake: the loss is computed for each chunk of questions and averaged over the chunks. Chunks of different sizes then count equally: compute one loss, over all rows.
# caught by: loss
def gradient_cache_step(model, batch, loss_fn, chunk_size):
    Q, Q_mask, P, P_mask, labels = batch
    chunks, B = split_batch(batch, chunk_size), len(Q)
    states, vectors = [], []
    with torch.no_grad():
        for chunk in chunks:
            states.append(RandomState())
            vectors.append(encode(model, chunk))
    V = torch.cat(vectors).requires_grad_()
    losses, num_correct = [], 0
    for i in range(0, B, chunk_size):
        rows = slice(i, min(B, i + chunk_size))
        loss, n = loss_fn(lambda *texts: (V[rows], V[B:]), (Q[rows], Q_mask[rows], P, P_mask, labels[rows]))
        losses.append(loss)
        num_correct += n
    loss = torch.stack(losses).mean()
    loss.backward()
    for chunk, state, cached in zip(chunks, states, V.grad.split([len(v) for v in vectors])):
        with state.replayed():
            v = encode(model, chunk)
        v.backward(cached)
    return loss.detach(), num_correct
