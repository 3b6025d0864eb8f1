# mistake: the passages go to the wrong questions: the rows of question 0 come first, then those of question 1.
# caught by: passages apart
def fuse(model, ids, mask):
    B, n, L = ids.shape
    H = model.encoder(
        input_ids=ids.transpose(0, 1).reshape(n * B, L), attention_mask=mask.transpose(0, 1).reshape(n * B, L)
    ).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.reshape(B, n * L, -1)), mask.reshape(B, n * L)
