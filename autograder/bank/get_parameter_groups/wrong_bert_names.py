# mistake: layer norms are looked for under BERT's name, and DistilBERT has others. Find what tells a matrix in any model.
# caught by: weight decay
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    groups = {}
    for name, p in model.named_parameters():
        no_decay = any(rule in name for rule in ("bias", "LayerNorm.weight"))
        rate = learning_rate * passage_scale if name.startswith("passage_encoder.") else learning_rate
        groups.setdefault((0.0 if no_decay else weight_decay, rate), []).append(p)
    return [{"params": ps, "weight_decay": decay, "lr": rate} for (decay, rate), ps in groups.items()]
