# mistake: both encoders learn at the same rate. The passage encoder's is scaled by passage_scale.
# caught by: two learning rates
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    return [
        {"params": [p for p in model.parameters() if p.ndim > 1], "weight_decay": weight_decay, "lr": learning_rate},
        {"params": [p for p in model.parameters() if p.ndim <= 1], "weight_decay": 0.0, "lr": learning_rate},
    ]
