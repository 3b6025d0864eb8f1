def gradient_cache_step(model, batch, loss_fn, chunk_size):
    """A seed for each chunk in place of a state; the first graphs are let go at once; chunks go backwards in reverse."""
    chunks, B = split_batch(batch, chunk_size), len(batch[0])
    seeds = torch.randint(0, 2**31, (len(chunks),)).tolist()
    vectors = []
    for chunk, seed in zip(chunks, seeds):
        torch.manual_seed(seed)
        vectors.append(encode(model, chunk).detach())
    V = torch.cat(vectors)
    V.requires_grad = True
    loss, num_correct = loss_fn(lambda *texts: (V[:B], V[B:]), batch)
    loss.backward()
    parts = torch.split(V.grad, [len(v) for v in vectors])
    for chunk, seed, cached in reversed(list(zip(chunks, seeds, parts))):
        torch.manual_seed(seed)
        encode(model, chunk).backward(gradient=cached)
    return loss.detach(), num_correct
