# mistake: the mask that is returned still has the shape (B*n, L). The decoder reads (B, n*L).
# caught by: passages apart
def fuse(model, ids, mask):
    B, n, L = ids.shape
    H = model.encoder(input_ids=ids.view(B * n, L), attention_mask=mask.view(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.view(B, n * L, -1)), mask.view(B * n, L)
