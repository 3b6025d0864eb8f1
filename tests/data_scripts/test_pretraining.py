"""Training of the tokenizer and the encoder at the smallest size: both run, and a resumed run gives the same weights."""

import json
import subprocess
import sys

import pytest
import torch

from dpr_course.data import load_toy_nq
from dpr_course.encoders import load_encoder, load_tokenizer


@pytest.fixture(scope="module")
def folder(root, tmp_path_factory):
    """A folder with 60 passages (passages.jsonl) and a tokenizer trained on them."""
    folder = tmp_path_factory.mktemp("pretraining")
    (folder / "passages.jsonl").write_text("".join(json.dumps(p) + "\n" for p in load_toy_nq()[2][:60]), encoding="utf-8")
    script(
        root,
        "train_tokenizer.py",
        folder,
        "--passages",
        folder / "passages.jsonl",
        "--out",
        folder / "tokenizer",
        "--vocabulary",
        "800",
    )
    return folder


def script(root, name, cwd, *args):
    result = subprocess.run(
        [sys.executable, root / "data_scripts" / name, *map(str, args)], cwd=cwd, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def pretrain(root, folder, name, *extra):
    options = ["--dim", 16, "--ffn", 32, "--layers", 1, "--heads", 2, "--batch-size", 8, "--steps", 20, "--save-every", 10]
    return script(
        root, "pretrain_encoder.py", folder, "--passages", folder / "passages.jsonl", "--tokenizer", folder / "tokenizer",
        "--out", folder / name, "--work", folder / f"work_{name}", *options, *extra,
    )  # fmt: skip


def test_the_tokenizer_is_a_bert_one_without_token_types(folder):
    tokenizer = load_tokenizer(folder / "tokenizer")
    encoded = tokenizer(["a title"], ["a text"])
    assert set(encoded) == {"input_ids", "attention_mask"}
    tokens = tokenizer.convert_ids_to_tokens(encoded.input_ids[0])
    assert tokens[0] == "[CLS]" and tokens[-1] == "[SEP]" and tokens.count("[SEP]") == 2
    assert tokenizer.convert_tokens_to_ids(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]) == [0, 1, 2, 3, 4]


def test_stopped_and_resumed_gives_the_same_weights(root, folder):
    pretrain(root, folder, "whole")
    pretrain(root, folder, "halved", "--stop-at", 10)
    assert not (folder / "halved" / "model.safetensors").exists()
    assert "going on from step 10" in pretrain(root, folder, "halved")
    a, b = load_encoder(folder / "whole"), load_encoder(folder / "halved")
    for (name, p), q in zip(a.named_parameters(), b.parameters()):
        assert torch.equal(p, q), name
    log = json.loads((folder / "whole" / "pretraining.json").read_text())
    assert log["recipe"]["steps"] == 20 and log["curve"][-1]["step"] == 20


def test_a_checkpoint_of_another_recipe_is_refused(root, folder):
    pretrain(root, folder, "other")
    with pytest.raises(AssertionError, match="another recipe"):
        pretrain(root, folder, "other", "--seed", 9)


def test_passages_come_from_files_of_passages_or_of_questions(folder, real_data):
    from train_tokenizer import read_passages

    assert len(read_passages(folder / "passages.jsonl")) == 60
    assert len(read_passages(real_data / "dpr-format-11.json")) == 11
    assert 1000 < len(read_passages(real_data / "nq-real-1155.json")) <= 1155
