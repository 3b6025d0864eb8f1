# mistake: more than chunk_size texts are under a graph at once: the whole batch in one go, a first pass that keeps its graphs, or chunks that all wait for one backward call. Go backwards after each chunk.
# caught by: gradient, one chunk in memory at a time
def gradient_cache_step(model, batch, loss_fn, chunk_size):
    loss, num_correct = loss_fn(model, batch)
    loss.backward()
    return loss.detach(), num_correct
