# mistake: encoders count as shared only where they are one and the same object. They may also share some of their parameters: look at those.
# caught by: every parameter once
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    sides = [(model.query_encoder, learning_rate)]
    if model.passage_encoder is not model.query_encoder:
        sides.append((model.passage_encoder, learning_rate * passage_scale))
    groups = []
    for encoder, rate in sides:
        for p in encoder.parameters():
            groups.append({"params": [p], "lr": rate, "weight_decay": weight_decay if p.ndim > 1 else 0.0})
    return groups
