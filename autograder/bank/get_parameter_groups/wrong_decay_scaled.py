# mistake: passage_scale changes the weight decay too. It is a factor of the learning rate only.
# caught by: weight decay
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    groups = {}
    for name, p in model.named_parameters():
        scale = passage_scale if name.startswith("passage_encoder.") else 1.0
        decay = weight_decay * scale if p.ndim > 1 else 0.0
        groups.setdefault((decay, learning_rate * scale), []).append(p)
    return [{"params": ps, "weight_decay": decay, "lr": rate} for (decay, rate), ps in groups.items()]
