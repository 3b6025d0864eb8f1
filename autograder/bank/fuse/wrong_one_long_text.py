# mistake: the passages are encoded as one long text, so that they see each other. That is what fusion avoids.
# caught by: passages apart
def fuse(model, ids, mask):
    B, n, L = ids.shape
    H = model.encoder(input_ids=ids.view(B, n * L), attention_mask=mask.view(B, n * L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.view(B, n * L, -1)), mask.view(B, n * L)
