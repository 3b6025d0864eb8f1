from collections import defaultdict


def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    groups = defaultdict(list)
    for name, p in model.named_parameters():
        groups[name.startswith("passage_encoder"), p.ndim > 1].append((name, p))
    return [
        {"params": pairs, "lr": learning_rate * (passage_scale if passage else 1.0), "weight_decay": weight_decay * matrix}
        for (passage, matrix), pairs in groups.items()
    ]
