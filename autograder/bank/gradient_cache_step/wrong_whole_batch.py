# mistake: the whole batch is encoded at once. That is the very thing for which there is no room.
# caught by: gradient, one chunk in memory at a time
def gradient_cache_step(model, batch, loss_fn, chunk_size):
    loss, num_correct = loss_fn(model, batch)
    loss.backward()
    return loss.detach(), num_correct
