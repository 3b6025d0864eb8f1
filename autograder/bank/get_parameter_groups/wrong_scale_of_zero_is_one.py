# mistake: a passage_scale of 0 is taken for one that was not given: `or` also replaces 0. With 0 the passage encoder stays as it is.
# caught by: two learning rates
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    groups = {}
    for name, p in model.named_parameters():
        rate = learning_rate * (passage_scale or 1.0) if name.startswith("passage_encoder.") else learning_rate
        groups.setdefault((weight_decay if p.ndim > 1 else 0.0, rate), []).append(p)
    return [{"params": ps, "weight_decay": decay, "lr": rate} for (decay, rate), ps in groups.items()]
