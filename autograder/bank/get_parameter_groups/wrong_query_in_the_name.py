# mistake: whatever has query in its name is taken for the query encoder's. Attention has layers of that name, in the passage encoder too: look at how the name begins.
# caught by: two learning rates
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    return [
        {
            "params": [p],
            "lr": learning_rate if "query" in name else learning_rate * passage_scale,
            "weight_decay": weight_decay if p.ndim > 1 else 0.0,
        }
        for name, p in model.named_parameters()
    ]
