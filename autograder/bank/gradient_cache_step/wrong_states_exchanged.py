# mistake: each chunk is replayed with the state of another chunk. It needs the one under which it was first encoded.
# caught by: gradient with dropout
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
    for chunk, state, cached in zip(chunks, states[::-1], V.grad.split([len(v) for v in vectors])):
        with state.replayed():
            v = encode(model, chunk)
        v.backward(cached)
    return loss.detach(), num_correct
