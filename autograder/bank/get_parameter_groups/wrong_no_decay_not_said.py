# mistake: the groups without decay hold no "weight_decay", so that AdamW takes its default, 0.01. Say 0 there.
# caught by: weight decay
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    groups = []
    for name, p in model.named_parameters():
        rate = learning_rate * passage_scale if name.startswith("passage_encoder.") else learning_rate
        group = {"params": [p], "lr": rate}
        if p.ndim > 1:
            group["weight_decay"] = weight_decay
        groups.append(group)
    return groups
