# mistake: the generator is seeded with fixed numbers: both encodings agree, but every call drops the same numbers, and the caller's random state is lost. Remember the state that there is, and replay that.
# caught by: gradient with dropout
def gradient_cache_step(model, batch, loss_fn, chunk_size):
    chunks, B = split_batch(batch, chunk_size), len(batch[0])
    vectors = []
    with torch.no_grad():
        for i, chunk in enumerate(chunks):
            torch.manual_seed(i)
            vectors.append(encode(model, chunk))
    V = torch.cat(vectors).requires_grad_()
    loss, num_correct = loss_fn(lambda *texts: (V[:B], V[B:]), batch)
    loss.backward()
    for i, (chunk, cached) in enumerate(zip(chunks, V.grad.split([len(v) for v in vectors]))):
        torch.manual_seed(i)
        encode(model, chunk).backward(cached)
    return loss.detach(), num_correct
