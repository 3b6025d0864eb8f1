# mistake: all parameters decay. Biases and layer norms must not.
# caught by: weight decay
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    query, passage = [], []
    for name, p in model.named_parameters():
        (passage if name.startswith("passage_encoder.") else query).append(p)
    return [
        {"params": query, "weight_decay": weight_decay, "lr": learning_rate},
        {"params": passage, "weight_decay": weight_decay, "lr": learning_rate * passage_scale},
    ]
