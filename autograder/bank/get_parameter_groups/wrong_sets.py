# mistake: the parameters of a group are a Python set. AdamW refuses it, since a set has no fixed order: make a list.
# caught by: an optimiser takes them
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    first, found = set(model.query_encoder.parameters()), {}
    for p in set(model.parameters()):
        rate = learning_rate if p in first else learning_rate * passage_scale
        found.setdefault((p.ndim > 1, rate), set()).add(p)
    return [{"params": ps, "lr": rate, "weight_decay": weight_decay * matrix} for (matrix, rate), ps in found.items()]
