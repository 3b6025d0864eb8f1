# mistake: more than chunk_size texts have a graph at the same time: the whole batch at once, a first pass that keeps its graphs, or chunks that all wait for one backward call. Call backward after each chunk.
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
    total = 0.0
    for chunk, state, cached in zip(chunks, states, V.grad.split([len(v) for v in vectors])):
        with state.replayed():
            v = encode(model, chunk)
        total = total + (v * cached).sum()
    total.backward()
    return loss.detach(), num_correct
