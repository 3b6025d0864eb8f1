# mistake: only biases are spared. The weights of layer norms are vectors too, and must not decay either.
# caught by: weight decay
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    groups = {}
    for name, p in model.named_parameters():
        decay = 0.0 if name.endswith("bias") else weight_decay
        rate = learning_rate * passage_scale if name.startswith("passage_encoder.") else learning_rate
        groups.setdefault((decay, rate), []).append(p)
    return [{"params": ps, "weight_decay": decay, "lr": rate} for (decay, rate), ps in groups.items()]
