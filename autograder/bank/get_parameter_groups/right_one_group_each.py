def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    groups = []
    for name, p in model.named_parameters():
        groups.append(
            {
                "params": p,
                "weight_decay": 0.0 if p.dim() == 1 else weight_decay,
                "lr": learning_rate * (passage_scale if "passage_encoder" in name else 1),
            }
        )
    return groups
