# mistake: the two encoders are gone through one after the other, so that parameters that they share are listed twice. Go through the model as a whole.
# caught by: every parameter once
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    groups = []
    for encoder, rate in ((model.query_encoder, learning_rate), (model.passage_encoder, learning_rate * passage_scale)):
        for p in encoder.parameters():
            groups.append({"params": [p], "weight_decay": weight_decay if p.ndim > 1 else 0.0, "lr": rate})
    return groups
