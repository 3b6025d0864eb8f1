# mistake: the mask that is returned is 1 everywhere: the decoder attends to padding.
# caught by: one passage
def fuse(model, ids, mask):
    B, n, L = ids.shape
    H = model.encoder(input_ids=ids.view(B * n, L), attention_mask=mask.view(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.view(B, n * L, -1)), torch.ones_like(mask).view(B, n * L)
