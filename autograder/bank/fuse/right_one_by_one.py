def fuse(model, ids, mask):
    parts = [model.encoder(input_ids=ids[:, k], attention_mask=mask[:, k])[0] for k in range(ids.shape[1])]
    return BaseModelOutput(torch.cat(parts, dim=1)), torch.cat(list(mask.unbind(1)), dim=1)
