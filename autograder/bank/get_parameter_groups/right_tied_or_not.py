def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    encoders = [(model.query_encoder, learning_rate)]
    if model.passage_encoder is not model.query_encoder:
        encoders.append((model.passage_encoder, learning_rate * passage_scale))
    groups = []
    for encoder, rate in encoders:
        decay, no_decay = [], []
        for p in encoder.parameters():
            (decay if len(p.shape) == 2 else no_decay).append(p)
        groups += [dict(params=decay, lr=rate, weight_decay=weight_decay), dict(params=no_decay, lr=rate, weight_decay=0.0)]
    return groups
