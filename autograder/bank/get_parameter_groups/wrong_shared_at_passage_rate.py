# mistake: parameters that both encoders share get the passage encoder's rate. They learn at learning_rate.
# caught by: two learning rates
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    passage = {id(p) for p in model.passage_encoder.parameters()}
    groups = {}
    for p in model.parameters():
        rate = learning_rate * passage_scale if id(p) in passage else learning_rate
        groups.setdefault((weight_decay if p.ndim > 1 else 0.0, rate), []).append(p)
    return [{"params": ps, "weight_decay": decay, "lr": rate} for (decay, rate), ps in groups.items()]
