def gradient_cache_step(model, batch, loss_fn, chunk_size):
    """Cuts the batch by itself, the passages first, and takes the gradient by autograd.grad."""
    Q, Q_mask, P, P_mask, labels = batch

    def pieces(ids, mask, passages):
        for i in range(0, len(ids), chunk_size):
            text = ids[i : i + chunk_size], mask[i : i + chunk_size]
            yield (None, None, *text) if passages else (*text, None, None)

    todo = list(pieces(P, P_mask, True)) + list(pieces(Q, Q_mask, False))
    kept = []
    with torch.no_grad():
        for piece in todo:
            state = RandomState()
            X, Y = model(*piece)
            kept.append((state, Y if X is None else X))
    V = torch.cat([v for _, v in kept]).requires_grad_()
    loss, num_correct = loss_fn(lambda *texts: (V[len(P) :], V[: len(P)]), batch)
    (cache,) = torch.autograd.grad(loss, V)
    row = 0
    for piece, (state, v) in zip(todo, kept):
        with state.replayed():
            X, Y = model(*piece)
        out = Y if X is None else X
        torch.autograd.backward(out, cache[row : row + len(v)])
        row += len(v)
    return loss.detach(), num_correct
