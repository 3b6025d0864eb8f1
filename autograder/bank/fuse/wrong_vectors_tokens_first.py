# mistake: the vectors run over tokens first, the mask over passages first: vector n*L + t is not that of token t of passage n.
# caught by: passages apart
def fuse(model, ids, mask):
    B, n, L = ids.shape
    parts = [model.encoder(input_ids=ids[:, j], attention_mask=mask[:, j]).last_hidden_state for j in range(n)]
    return BaseModelOutput(last_hidden_state=torch.stack(parts, dim=2).reshape(B, n * L, -1)), mask.reshape(B, n * L)
