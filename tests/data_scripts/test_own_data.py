"""On a user's own file of questions, training as the course does raises R@1 to at least three times that of the untrained encoder.

    pytest -m real        # pre-trains an encoder on the passages of real questions, and trains it: 15 to 30 minutes on 2 cores

The quick test pre-trains nothing: its file holds 600 of the toy questions, and its encoder is the toy encoder.
"""

import json
import subprocess
import sys

import pytest

from autograder.authoring.bands import Recipes
from dpr_course.data import load_toy_nq
from dpr_course.encoders import TOY_ENCODER


def recall_at_1(questions, encoder, monkeypatch):
    """Return [R@1 of the untrained encoder, R@1 after in-batch training], in percent.

    questions: path of a file of questions, a third of which are used for training. encoder: folder of the encoder.
    """
    monkeypatch.setenv("DPR_DATA", str(questions))
    monkeypatch.setenv("DPR_ENCODER", str(encoder))
    recipes = Recipes()
    models = recipes.ref["make_dual_encoder"](), recipes.fitted(recipes.fit, seed=0)
    return [recipes.recall(m, recipes.val, recipes.passages, 1) for m in models]


def test_training_on_a_file_of_ones_own(tmp_path, monkeypatch):
    train, val, _ = load_toy_nq()
    fields = ("question", "answers", "gold_context")
    (tmp_path / "own.json").write_text(json.dumps([{k: s[k] for k in fields} for s in (train + val)[:600]]), encoding="utf-8")
    untrained, nce = recall_at_1(tmp_path / "own.json", TOY_ENCODER, monkeypatch)
    assert nce >= 3 * untrained and nce >= 30, f"R@1 {untrained:.1f} before and {nce:.1f} after training"


@pytest.mark.real
def test_on_real_questions_recall_at_1_triples(root, real_data, tmp_path, monkeypatch):
    questions = real_data / "nq-real-1155.json"
    for script, options in (("train_tokenizer.py", []), ("pretrain_encoder.py", ["--work", tmp_path / "work"])):
        command = [sys.executable, root / "data_scripts" / script, "--passages", questions, "--out", tmp_path / "encoder", *options]
        result = subprocess.run([str(c) for c in command], capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
    untrained, nce = recall_at_1(questions, tmp_path / "encoder", monkeypatch)
    print(f"R@1 {untrained:.1f} before and {nce:.1f} after training")
    assert nce >= 3 * untrained and nce >= 40
