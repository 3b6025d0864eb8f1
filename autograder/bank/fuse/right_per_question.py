def fuse(model, ids, mask):
    rows = []
    for texts, masks in zip(ids, mask):
        H = model.encoder(input_ids=texts, attention_mask=masks).last_hidden_state  # (n, L, d)
        rows.append(H.reshape(-1, H.shape[-1]))
    return BaseModelOutput(last_hidden_state=torch.stack(rows)), mask.reshape(len(mask), -1)
