# mistake: the parameters are iterated over several times, and after the first time there are none. A generator can be used only once: make a list of it.
# caught by: every parameter once
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    named = model.named_parameters()
    passage = "passage_encoder."
    lists = [
        ([p for n, p in named if p.ndim > 1 and not n.startswith(passage)], learning_rate, weight_decay),
        ([p for n, p in named if p.ndim <= 1 and not n.startswith(passage)], learning_rate, 0.0),
        ([p for n, p in named if p.ndim > 1 and n.startswith(passage)], learning_rate * passage_scale, weight_decay),
        ([p for n, p in named if p.ndim <= 1 and n.startswith(passage)], learning_rate * passage_scale, 0.0),
    ]
    return [{"params": ps, "lr": lr, "weight_decay": wd} for ps, lr, wd in lists]
