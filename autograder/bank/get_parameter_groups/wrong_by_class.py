# mistake: matrices are looked for by class or name, as the weights of Linear and Embedding, and other models have others. Find what tells a matrix in any model.
# caught by: weight decay
from torch import nn


def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    matrices = {m.weight for m in model.modules() if isinstance(m, (nn.Linear, nn.Embedding))}
    shared = set(model.query_encoder.parameters())
    rates = {p: learning_rate if p in shared else learning_rate * passage_scale for p in model.parameters()}
    return tuple(
        {"params": {p: None for p in rates if (p in matrices) == decays and rates[p] == rate}, "lr": rate, "weight_decay": weight_decay * decays}
        for rate in sorted(set(rates.values()))
        for decays in (0, 1)
    )
