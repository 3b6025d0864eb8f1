# mistake: an optimiser is returned. Return the groups for it, a list.
# caught by: an optimiser takes them
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    groups = {}
    for name, p in model.named_parameters():
        rate = learning_rate * passage_scale if name.startswith("passage_encoder.") else learning_rate
        groups.setdefault((weight_decay if p.ndim > 1 else 0.0, rate), []).append(p)
    return torch.optim.AdamW([{"params": ps, "weight_decay": decay, "lr": rate} for (decay, rate), ps in groups.items()])
