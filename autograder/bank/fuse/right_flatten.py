def fuse(model, ids, mask):
    encoded = model.get_encoder()(ids.flatten(0, 1), mask.flatten(0, 1), return_dict=True)
    encoded["last_hidden_state"] = encoded.last_hidden_state.unflatten(0, ids.shape[:2]).flatten(1, 2)
    return encoded, mask.flatten(1)
