# mistake: the mask that was given is changed. It belongs to the caller.
# caught by: passages apart
def fuse(model, ids, mask):
    B, n, L = ids.shape
    before = mask.clone()
    mask[mask.sum(2) == 0] = 1
    H = model.encoder(input_ids=ids.reshape(B * n, L), attention_mask=before.reshape(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.reshape(B, n * L, -1)), before.reshape(B, n * L)
