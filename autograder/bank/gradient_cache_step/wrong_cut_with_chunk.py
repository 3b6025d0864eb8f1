# mistake: the vectors are cut in the middle. With hard negatives there are more passages than questions.
# caught by: loss
def gradient_cache_step(model, batch, loss_fn, chunk_size):
    chunks, B = split_batch(batch, chunk_size), len(batch[0])
    states, vectors = [], []
    with torch.no_grad():
        for chunk in chunks:
            states.append(RandomState())
            vectors.append(encode(model, chunk))
    V = torch.cat(vectors).requires_grad_()
    X, Y = V.chunk(2)
    loss, num_correct = loss_fn(lambda *texts: (X, Y), batch)
    loss.backward()
    for chunk, state, cached in zip(chunks, states, V.grad.split([len(v) for v in vectors])):
        with state.replayed():
            v = encode(model, chunk)
        v.backward(cached)
    return loss.detach(), num_correct
