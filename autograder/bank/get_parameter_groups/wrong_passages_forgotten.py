# mistake: the passage encoder's parameters are in no group and never learn.
# caught by: every parameter once
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    params = list(model.query_encoder.parameters())
    return [
        {"params": [p for p in params if p.ndim > 1], "weight_decay": weight_decay, "lr": learning_rate},
        {"params": [p for p in params if p.ndim <= 1], "weight_decay": 0.0, "lr": learning_rate},
    ]
