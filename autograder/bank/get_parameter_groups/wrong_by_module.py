# mistake: biases and layer norms are looked for by class and exact name, and other models have others, such as in_proj_bias. Find what tells a matrix in any model.
# caught by: weight decay
from torch import nn


def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    no_decay = set()
    for module in model.modules():
        for name, p in module.named_parameters(recurse=False):
            if isinstance(module, nn.LayerNorm) or name == "bias":
                no_decay.add(p)
    groups, seen = [], set()
    for encoder, rate in ((model.query_encoder, 1.0), (model.passage_encoder, passage_scale)):
        for p in encoder.parameters():
            if p not in seen:
                seen.add(p)
                decay = 0.0 if p in no_decay else weight_decay
                groups.append({"params": [p], "lr": learning_rate * rate, "weight_decay": decay})
    return groups
