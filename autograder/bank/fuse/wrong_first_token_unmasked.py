# mistake: a passage that is all padding gets mask 1 at its first token, so that the decoder attends to it. Its mask stays 0: T5 can do that.
# caught by: passages apart
def fuse(model, ids, mask):
    B, n, L = ids.shape
    mask = mask.clone()
    mask[mask.sum(2) == 0, :] = torch.eye(L, dtype=mask.dtype)[0]
    H = model.encoder(input_ids=ids.reshape(B * n, L), attention_mask=mask.reshape(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.reshape(B, n * L, -1)), mask.reshape(B, n * L)
