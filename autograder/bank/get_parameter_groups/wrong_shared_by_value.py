# mistake: parameters with equal values are taken for shared ones, and dropped. Two encoders start from the same values: shared parameters are the same object.
# caught by: every parameter once
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    query_parameters = list(model.query_encoder.parameters())

    def is_shared(p):
        return any(p.shape == q.shape and torch.equal(p, q) for q in query_parameters)

    own = [p for p in model.passage_encoder.parameters() if not is_shared(p)]
    groups = []
    for params, rate in ((query_parameters, learning_rate), (own, learning_rate * passage_scale)):
        for p in params:
            groups.append({"params": [p], "lr": rate, "weight_decay": weight_decay if p.ndim > 1 else 0.0})
    return groups
