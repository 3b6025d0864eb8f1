# mistake: vectors and mask are still those of B*n separate texts: (B*n, L, d). One decoder must get those of all passages of a question.
# caught by: passages apart
def fuse(model, ids, mask):
    B, n, L = ids.shape
    H = model.encoder(input_ids=ids.view(B * n, L), attention_mask=mask.view(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H), mask.view(B * n, L)
