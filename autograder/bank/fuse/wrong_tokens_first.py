# mistake: vectors and mask run over tokens first: all first tokens, then all second ones. Position n*L + t is token t of passage n.
# caught by: passages apart
def fuse(model, ids, mask):
    B, n, L = ids.shape
    H = model.encoder(input_ids=ids.view(B * n, L), attention_mask=mask.view(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.view(B, n, L, -1).transpose(1, 2).reshape(B, n * L, -1)), mask.transpose(
        1, 2
    ).reshape(B, n * L)
