# mistake: the passage encoder's biases and layer norms keep the plain rate. The whole passage encoder learns at the scaled one.
# caught by: two learning rates
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    query, passage, vectors = [], [], []
    for name, p in model.named_parameters():
        if p.ndim <= 1:
            vectors.append(p)
        elif name.startswith("passage_encoder."):
            passage.append(p)
        else:
            query.append(p)
    return [
        {"params": query, "weight_decay": weight_decay, "lr": learning_rate},
        {"params": passage, "weight_decay": weight_decay, "lr": learning_rate * passage_scale},
        {"params": vectors, "weight_decay": 0.0, "lr": learning_rate},
    ]
