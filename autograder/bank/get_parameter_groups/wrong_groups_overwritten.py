# mistake: groups with equal settings overwrite each other, as the two encoders' do with passage_scale 1, so that the first of them never learn. Add to the group that is there.
# caught by: every parameter once
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    query, passage = [], []
    for name, p in model.named_parameters():
        (passage if name.startswith("passage_encoder.") else query).append(p)
    groups = {}
    for params, rate in ((query, learning_rate), (passage, learning_rate * passage_scale)):
        groups[rate, weight_decay] = [p for p in params if p.ndim > 1]
        groups[rate, 0.0] = [p for p in params if p.ndim <= 1]
    return [{"params": params, "lr": rate, "weight_decay": decay} for (rate, decay), params in groups.items() if params]
