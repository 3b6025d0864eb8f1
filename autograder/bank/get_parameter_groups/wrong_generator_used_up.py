# mistake: the parameters are iterated over twice, and the second time there are none. A generator can be used only once: make a list of it.
# caught by: every parameter once
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    def rate(name):
        return learning_rate * passage_scale if name.startswith("passage_encoder.") else learning_rate

    named = model.named_parameters()
    matrices = [{"params": [p], "weight_decay": weight_decay, "lr": rate(n)} for n, p in named if p.ndim > 1]
    vectors = [{"params": [p], "weight_decay": 0.0, "lr": rate(n)} for n, p in named if p.ndim <= 1]
    return matrices + vectors
