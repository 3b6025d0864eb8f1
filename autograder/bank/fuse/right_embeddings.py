def fuse(model, ids, mask):
    B, n, L = ids.shape
    E = model.get_input_embeddings()(ids.reshape(-1, L))
    H = model.encoder(inputs_embeds=E, attention_mask=mask.reshape(-1, L).bool().long())[0]
    return BaseModelOutput(last_hidden_state=H.reshape(B, n * L, H.shape[2])), mask.reshape(B, n * L)
