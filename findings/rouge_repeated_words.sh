#!/bin/sh
# Libraries: rouge 1.0.1 and rouge-score 0.1.2, ROUGE-1 and ROUGE-L of generated answers.
# Expected: two packages agree on plain lower-case words without punctuation, and a word that an answer repeats is matched as often as
# the reference has it. A reader that says "the moon" three times is not precise.
# Seen: rouge counts every different word once: the repeated answer has precision 1, that of rouge-score is 0.33. Nor does rouge lower
# case: "Paris" is not "paris".
# Output:
#   the moon the moon the moon | the moon landing: precision of ROUGE-1 1.00 and 0.33, of ROUGE-L 1.00 and 0.33
#   the end of the first of the wars | the end of the wars: precision of ROUGE-1 0.80 and 0.62, of ROUGE-L 0.80 and 0.62
#   Paris | paris: precision of ROUGE-1 0.00 and 1.00, of ROUGE-L 0.00 and 1.00
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check rouge==1.0.1 rouge-score==0.1.2 numpy==2.4.6
venv/bin/python - <<'PYTHON'
from rouge import Rouge
from rouge_score.rouge_scorer import RougeScorer

scorer, seen = RougeScorer(["rouge1", "rougeL"]), []
pairs = [
    ("the moon the moon the moon", "the moon landing"),
    ("the end of the first of the wars", "the end of the wars"),
    ("Paris", "paris"),
]
for answer, reference in pairs:
    one, other = Rouge().get_scores(answer, reference)[0], scorer.score(reference, answer)
    seen.append([round(x, 3) for x in (one["rouge-1"]["p"], other["rouge1"].precision, one["rouge-l"]["p"], other["rougeL"].precision)])
    text = "{} | {}: precision of ROUGE-1 {:.2f} and {:.2f}, of ROUGE-L {:.2f} and {:.2f}"
    print(text.format(answer, reference, *seen[-1]))
assert seen == [[1, 0.333, 1, 0.333], [0.8, 0.625, 0.8, 0.625], [0, 1, 0, 1]]
PYTHON
