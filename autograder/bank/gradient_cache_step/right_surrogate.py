def gradient_cache_step(model, batch, loss_fn, chunk_size):
    """Two leaves, a surrogate loss, torch's own functions for the random state."""
    B = len(batch[0])
    chunks = split_batch(batch, chunk_size)
    states, vectors = [], []
    for chunk in chunks:
        states.append(torch.get_rng_state())
        with torch.no_grad():
            vectors.append(encode(model, chunk))
    every = torch.cat(vectors)
    X, Y = every[:B].clone().requires_grad_(), every[B:].clone().requires_grad_()
    loss, num_correct = loss_fn(lambda Q, Q_mask, P, P_mask: (X, Y), batch)
    loss.backward()
    cache = torch.cat([X.grad, Y.grad])
    after, start = torch.get_rng_state(), 0
    for chunk, state, v in zip(chunks, states, vectors):
        torch.set_rng_state(state)
        (encode(model, chunk) * cache[start : start + len(v)]).sum().backward()
        start += len(v)
    torch.set_rng_state(after)
    return loss.item(), int(num_correct)
