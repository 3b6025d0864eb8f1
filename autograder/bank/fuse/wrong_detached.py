# mistake: the encoder runs without a graph: training would leave it as it is.
# caught by: gradient
def fuse(model, ids, mask):
    B, n, L = ids.shape
    H = model.encoder(input_ids=ids.reshape(B * n, L), attention_mask=mask.reshape(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.detach().reshape(B, n * L, -1)), mask.reshape(B, n * L)
