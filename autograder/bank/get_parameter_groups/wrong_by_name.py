# mistake: biases and layer norms are looked for by name, and other models call them otherwise, such as ln_1. Find what tells a matrix in any model.
# caught by: weight decay
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    def is_vector(name):
        return name.endswith("bias") or "norm" in name.lower()

    def is_passage(name):
        return name.split(".")[0] == "passage_encoder"

    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    return [
        {
            "params": [p for n, p in named if is_vector(n) == vector and is_passage(n) == passage],
            "weight_decay": 0.0 if vector else weight_decay,
            "lr": learning_rate * passage_scale if passage else learning_rate,
        }
        for vector in (True, False)
        for passage in (True, False)
    ]
