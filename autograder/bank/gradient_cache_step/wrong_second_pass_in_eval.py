# mistake: the second encoding runs in eval mode, without dropout, though the first had dropout. Both must give the same vectors: leave the mode as it is.
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
    training = model.training
    model.eval()
    for chunk, state, cached in zip(chunks, states, V.grad.split([len(v) for v in vectors])):
        with state.replayed():
            v = encode(model, chunk)
        v.backward(cached)
    model.train(training)
    return loss.detach(), num_correct
