def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    seen = set()

    def fresh(module):
        for p in module.parameters():
            if id(p) not in seen:
                seen.add(id(p))
                yield p

    groups = []
    for module, rate in [(model.query_encoder, learning_rate), (model.passage_encoder, learning_rate * passage_scale)]:
        params = list(fresh(module))
        for decay, some in (
            (weight_decay, [p for p in params if len(p.shape) > 1]),
            (0.0, [p for p in params if len(p.shape) <= 1]),
        ):
            if some:
                groups.append({"params": some, "lr": rate, "weight_decay": decay})
    return groups
