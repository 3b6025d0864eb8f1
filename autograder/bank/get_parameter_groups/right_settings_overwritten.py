def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    settings = {}
    for p in model.passage_encoder.parameters():
        settings[p] = learning_rate * passage_scale
    for p in model.query_encoder.parameters():
        settings[p] = learning_rate  # shared ones too
    groups = []
    for p, rate in settings.items():
        decay = 0.0
        if p.ndim > 1:
            decay = weight_decay
        groups.append(dict(params=[p], lr=rate, weight_decay=decay))
    return groups
