#!/bin/sh
# Library: transformers 5.24.0 with torch 2.13.0.
# Expected: generate(encoder_outputs=...) leaves what it is given as it is, as generate(input_ids=...) does, so that one encoding of the
# passages (Fusion-in-Decoder) serves several ways of decoding.
# Seen: with num_beams=3 the caller's encoder_outputs are replaced by three copies of each row. A second call then returns three answers
# for each question, the rows no longer belong to the questions, and nothing is said. With the mask as well the second call fails.
# Output: first call 2 answers, encoder_outputs 2 -> 6 rows; second call 6 answers, the second one to question 1
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 transformers==5.24.0
venv/bin/python - <<'PYTHON'
import torch
from transformers import T5Config, T5ForConditionalGeneration

torch.manual_seed(0)
config = T5Config(vocab_size=60, d_model=32, d_kv=16, num_layers=2, num_heads=2, d_ff=64, decoder_start_token_id=0, initializer_factor=3.0)
model = T5ForConditionalGeneration(config).eval()
ids = torch.tensor([[5, 6, 7, 1], [8, 9, 10, 1]])  # (B, L), without padding
with torch.inference_mode():
    encoded = model.encoder(input_ids=ids)
rows = [len(encoded.last_hidden_state)]
answers = []
for _ in range(2):
    answers.append(model.generate(encoder_outputs=encoded, num_beams=3, max_new_tokens=4, min_new_tokens=4))
    rows.append(len(encoded.last_hidden_state))
first, second = answers
assert not torch.equal(first[0], first[1])
whose = next(i for i in range(2) if torch.equal(second[1], first[i])) + 1
print(f"first call {len(first)} answers, encoder_outputs {rows[0]} -> {rows[1]} rows", end="; ")
print(f"second call {len(second)} answers, the second one to question {whose}")
assert (len(first), len(second), rows[:2], whose) == (2, 6, [2, 6], 1)
PYTHON
