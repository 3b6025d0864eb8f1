# mistake: the passages are averaged into one. The decoder must be able to look at each.
# caught by: passages apart
def fuse(model, ids, mask):
    B, n, L = ids.shape
    H = model.encoder(input_ids=ids.view(B * n, L), attention_mask=mask.view(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.view(B, n, L, -1).mean(1)), mask.amax(1)
