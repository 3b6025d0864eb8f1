def gradient_cache_step(model, batch, loss_fn, chunk_size):
    """Each chunk's vectors are a leaf of their own, so that no gradient is cut; backward runs within the replay."""
    B, done = len(batch[0]), []
    for chunk in split_batch(batch, chunk_size):
        state = RandomState()
        with torch.no_grad():
            leaf = encode(model, chunk)
        done.append((chunk, state, leaf.detach().requires_grad_()))
    V = torch.cat([leaf for _, _, leaf in done])
    loss, num_correct = loss_fn(lambda *texts: (V[:B], V[B:]), batch)
    loss.backward()
    for chunk, state, leaf in done:
        with state.replayed():
            torch.autograd.backward([encode(model, chunk)], [leaf.grad])
    return loss.detach(), num_correct
