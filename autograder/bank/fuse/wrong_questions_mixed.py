# mistake: the passages go to the wrong questions: the rows of question 0 come first, then those of question 1.
# caught by: passages apart
def fuse(model, ids, mask):
    B, n, L = ids.shape
    H = model.encoder(input_ids=ids.view(B * n, L), attention_mask=mask.view(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.view(n, B, L, -1).transpose(0, 1).reshape(B, n * L, -1)), mask.view(
        n, B, L
    ).transpose(0, 1).reshape(B, n * L)
