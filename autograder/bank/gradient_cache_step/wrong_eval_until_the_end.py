# mistake: both encodings run in eval mode, so that there is no dropout to repeat. That is another model than the one to be trained: leave its mode as it is.
# caught by: gradient with dropout
def gradient_cache_step(model, batch, loss_fn, chunk_size):
    chunks, B = split_batch(batch, chunk_size), len(batch[0])
    training = model.training
    model.eval()
    with torch.no_grad():
        vectors = [encode(model, chunk) for chunk in chunks]
    V = torch.cat(vectors).requires_grad_()
    loss, num_correct = loss_fn(lambda *texts: (V[:B], V[B:]), batch)
    loss.backward()
    for chunk, cached in zip(chunks, V.grad.split([len(v) for v in vectors])):
        encode(model, chunk).backward(cached)
    model.train(training)
    return loss.detach(), num_correct
