# mistake: padding is taken to be the id 0. What is padding is said by the mask.
# caught by: one passage
def fuse(model, ids, mask):
    B, n, L = ids.shape
    mask = (ids != 0).long()
    H = model.encoder(input_ids=ids.reshape(B * n, L), attention_mask=mask.reshape(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.reshape(B, n * L, -1)), mask.reshape(B, n * L)
