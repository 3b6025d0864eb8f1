# mistake: axes of length 1 are not counted, so that a matrix with a single row or column is taken for a vector and does not decay. Count all dimensions.
# caught by: weight decay
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    shared = {id(p) for p in model.query_encoder.parameters()}
    return [
        {
            "params": [p],
            "lr": learning_rate * (1 if id(p) in shared else passage_scale),
            "weight_decay": weight_decay if sum(n > 1 for n in p.shape) > 1 else 0.0,
        }
        for p in model.parameters()
    ]
