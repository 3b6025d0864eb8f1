#!/bin/sh
# Library: transformers 5.23.0 with torch 2.13.0.
# Expected: a model refuses an argument that it does not have, as any Python function does.
# Seen: it is swallowed. With `attention_msk=mask` (or `mask=mask`) no mask is used, pads are attended to, and nothing is said. So with
# BERT, DistilBERT, RoBERTa, ModernBERT and T5.
# Output: bert: same as without mask; distilbert: same as without mask; t5: same as without mask
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 transformers==5.23.0
venv/bin/python - <<'PYTHON'
import torch
from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertModel, T5Config, T5EncoderModel

torch.manual_seed(0)
models = {
    "bert": BertModel(BertConfig(vocab_size=50, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)),
    "distilbert": DistilBertModel(DistilBertConfig(vocab_size=50, dim=32, n_layers=2, n_heads=2, hidden_dim=64)),
    "t5": T5EncoderModel(T5Config(vocab_size=50, d_model=32, d_kv=16, num_layers=2, num_heads=2, d_ff=64)),
}
ids, mask = torch.tensor([[5, 6, 7, 0, 0]]), torch.tensor([[1, 1, 1, 0, 0]])
seen = []
for name, model in models.items():
    with torch.inference_mode():
        right, without, wrong = (
            model.eval()(input_ids=ids, **more).last_hidden_state for more in ({"attention_mask": mask}, {}, {"attention_msk": mask})
        )
    assert torch.equal(wrong, without) and not torch.allclose(wrong, right)
    seen.append(f"{name}: same as without mask")
print("; ".join(seen))
PYTHON
