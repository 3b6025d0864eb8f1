# mistake: the model, or its encoder, is switched to eval and stays there: training would go on without dropout. The mode is the caller's.
# caught by: gradient
def fuse(model, ids, mask):
    model.eval()
    B, n, L = ids.shape
    H = model.encoder(input_ids=ids.reshape(B * n, L), attention_mask=mask.reshape(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.reshape(B, n * L, -1)), mask.reshape(B, n * L)
