# mistake: parameters with equal values are taken for shared ones, and dropped. Two encoders start from the same values: shared parameters are the same object.
# caught by: every parameter once
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    kept, groups = [], []
    for name, p in model.named_parameters():
        if any(p.shape == q.shape and torch.equal(p, q) for q in kept):
            continue  # shared
        kept.append(p)
        rate = learning_rate * passage_scale if name.startswith("passage_encoder.") else learning_rate
        groups.append({"params": [p], "lr": rate, "weight_decay": weight_decay if p.ndim > 1 else 0.0})
    return groups
