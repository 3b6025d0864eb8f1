# mistake: only the passage chunks are encoded again, so that the question encoder learns nothing.
# caught by: gradient, one chunk in memory at a time
def gradient_cache_step(model, batch, loss_fn, chunk_size):
    chunks, B = split_batch(batch, chunk_size), len(batch[0])
    states, vectors = [], []
    with torch.no_grad():
        for chunk in chunks:
            states.append(RandomState())
            vectors.append(encode(model, chunk))
    V = torch.cat(vectors).requires_grad_()
    loss, num_correct = loss_fn(lambda *texts: (V[:B], V[B:]), batch)
    loss.backward()
    for chunk, state, cached in zip(chunks, states, V.grad.split([len(v) for v in vectors])):
        if chunk[0] is not None:
            continue
        with state.replayed():
            v = encode(model, chunk)
        v.backward(cached)
    return loss.detach(), num_correct
