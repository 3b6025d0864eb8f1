#!/bin/sh
# Library: transformers 5.24.0, DPRReaderTokenizer (no torch is needed: the logits are arrays).
# Expected: decode_best_spans takes answers from the text of a passage, as the code of the DPR paper does; its comment says that
# it begins behind the second [SEP], which ends the title.
# Seen: it begins behind the first [SEP], where the title begins. The title, or a piece of title and text together, can be the
# answer.
# Output:
#   logits best at "apollo 11", which is the title: answers ['apollo 11', 'armstrong']
#   logits best from "11" to "armstrong": answers ['11 [SEP] armstrong', 'armstrong did']
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check transformers==5.24.0 tokenizers==0.23.3 numpy==2.4.6
TRANSFORMERS_VERBOSITY=error venv/bin/python - <<'PYTHON'
import numpy as np
from transformers import DPRReaderTokenizer

words = "[PAD] [UNK] [CLS] [SEP] [MASK] who walked on the moon first apollo 11 armstrong did it in july".split()
open("vocab.txt", "w").write("\n".join(words) + "\n")
tokenizer = DPRReaderTokenizer("vocab.txt")
passage = dict(questions=["Who walked on the moon first"], titles=["Apollo 11"], texts=["Armstrong did it in July"])
ids = np.array(tokenizer(**passage)["input_ids"])  # (1, T)


def answers(start, end):
    """Return the two best answers where the reader likes "armstrong" and, more, the span from `start` to `end`."""
    logits = np.zeros((2, *ids.shape))  # (2, 1, T): starts and ends
    logits[:, ids == words.index("armstrong")] = 3
    logits[0, ids == words.index(start)] = logits[1, ids == words.index(end)] = 5
    found = tokenizer.decode_best_spans({"input_ids": ids}, (*logits, np.zeros(1)), num_spans=2)
    return [span.text for span in found]


title, across = answers("apollo", "11"), answers("11", "armstrong")
print(f'logits best at "apollo 11", which is the title: answers {title}')
print(f'logits best from "11" to "armstrong": answers {across}')
assert title == ["apollo 11", "armstrong"] and across[0] == "11 [SEP] armstrong"
PYTHON
