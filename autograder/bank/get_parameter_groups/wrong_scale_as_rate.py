# mistake: passage_scale is taken for the rate itself. It is a factor of learning_rate.
# caught by: two learning rates
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    groups = {}
    for name, p in model.named_parameters():
        rate = passage_scale if name.startswith("passage_encoder.") else learning_rate
        groups.setdefault((weight_decay if p.ndim > 1 else 0.0, rate), []).append(p)
    return [{"params": ps, "weight_decay": decay, "lr": rate} for (decay, rate), ps in groups.items()]
