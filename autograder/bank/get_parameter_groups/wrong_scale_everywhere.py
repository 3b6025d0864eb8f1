# mistake: both encoders get the scaled rate. It is for the passage encoder only.
# caught by: two learning rates
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    rate = learning_rate * passage_scale
    return [
        {"params": [p for p in model.parameters() if p.ndim > 1], "weight_decay": weight_decay, "lr": rate},
        {"params": [p for p in model.parameters() if p.ndim <= 1], "weight_decay": 0.0, "lr": rate},
    ]
