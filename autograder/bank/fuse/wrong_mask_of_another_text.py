# mistake: the encoder gets the masks in another order than the ids, all first passages, then all second ones. Each text needs its own mask: row b*n + i is passage i of question b.
# caught by: passages apart
def fuse(model, ids, mask):
    B, n, L = ids.shape
    masks = mask.transpose(0, 1).reshape(n * B, L)
    H = model.encoder(input_ids=ids.reshape(B * n, L), attention_mask=masks).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.reshape(B, n * L, -1)), mask.reshape(B, n * L)
