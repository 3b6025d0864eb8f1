# mistake: the gradient is multiplied by the number of chunks. Each chunk has its own part of the gradient: they are summed as they are.
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
        with state.replayed():
            v = encode(model, chunk)
        v.backward(cached * len(chunks))
    return loss.detach(), num_correct
