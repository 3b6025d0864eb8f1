def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    query = list(model.query_encoder.parameters())
    shared = {id(p) for p in query}
    passage = [p for p in model.passage_encoder.parameters() if id(p) not in shared]
    groups = []
    for params, lr in ((query, learning_rate), (passage, learning_rate * passage_scale)):
        matrices = [p for p in params if p.ndim >= 2]
        vectors = [p for p in params if p.ndim < 2]
        groups.append({"params": matrices, "lr": lr, "weight_decay": weight_decay})
        groups.append({"params": vectors, "lr": lr, "weight_decay": 0})
    return groups
