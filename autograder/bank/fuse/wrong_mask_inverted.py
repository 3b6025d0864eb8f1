# mistake: the mask that comes back is 1 at padding and 0 at the texts: the wrong way round.
# caught by: one passage
def fuse(model, ids, mask):
    B, n, L = ids.shape
    H = model.encoder(input_ids=ids.reshape(B * n, L), attention_mask=mask.reshape(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.reshape(B, n * L, -1)), 1 - mask.reshape(B, n * L)
