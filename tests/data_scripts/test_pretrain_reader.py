"""Pre-training of the reader at the smallest size: its examples hold their answers, and a resumed run gives the same weights."""

import json
import random
import subprocess
import sys

import pytest
import torch
from pretrain_reader import schedule
from reader_examples import Examples
from train_reader_tokenizer import train_tokenizer

from dpr_course.data import load_toy_nq
from dpr_course.reader.model import load_reader


@pytest.fixture(scope="module")
def passages():
    return load_toy_nq()[2][:60]


@pytest.fixture(scope="module")
def examples(passages):
    return Examples(passages, train_tokenizer(passages, 800), random.Random(0))


def test_the_answer_stands_in_what_is_read(examples):
    ids, mask, labels = examples.batch(24, 3, 60, 0.5)
    assert ids.shape == mask.shape and ids.shape[:2] == (24, 3) and (mask.sum(-1) > 10).all()
    found = 0
    for row, answer in zip(ids.flatten(1).tolist(), labels.tolist()):
        answer = [t for t in answer if t != -100][:-1]
        found += any(row[k : k + len(answer)] == answer for k in range(len(row)))
    assert found >= 20  # some are tokenised differently in the text, such as a title, or a span after a bracket


def test_no_passage_is_read_twice_and_the_right_one_is(examples):
    for gold in (0, 17, 59):
        read = examples.read(gold, "who was the king of egypt", 5)
        assert len(set(read)) == 5 and gold in read
    assert len(examples.read(3, "who", 100)) == 60


def test_renaming_moves_twins_together(examples):
    to, pieces = examples.renaming(), examples.tokenizer.convert_ids_to_tokens(range(len(examples.tokenizer)))
    assert len(to) > 20 and any(a != b for a, b in to.items())
    number = examples.tokenizer.get_vocab()
    for a, b in examples.names:
        if a in to and b != a and pieces[to[a]].lower() in number:
            assert pieces[to[b]] == pieces[to[a]].lower()


def test_a_schedule_that_is_none_is_refused():
    assert schedule("10,1,4,30,0.5;20,2,2,40,0") == [(10, 1, 4, 30, 0.5), (20, 2, 2, 40, 0)]
    with pytest.raises(ValueError, match="five are needed"):
        schedule("10,1,4")


def pretrain(root, folder, name, *extra):
    size = ["--d", 48, "--layers", 1, "--vocabulary", 500, "--every", 2, "--watch", 100, "--warmup", 2]
    command = [
        sys.executable, root / "data_scripts" / "pretrain_reader.py", "--passages", folder / "passages.jsonl",
        "--watched", folder / "watched.jsonl", "--out", folder / name, "--work", folder / f"work_{name}",
        "--stages", "4,1,3,30,0.3;8,2,2,30,0.3", *size, *extra,
    ]  # fmt: skip
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=root)


def test_stopped_and_resumed_gives_the_same_weights(root, passages, tmp_path):
    lines = lambda rows: "".join(json.dumps(r) + "\n" for r in rows)  # noqa: E731
    (tmp_path / "passages.jsonl").write_text(lines(passages), encoding="utf-8")
    (tmp_path / "watched.jsonl").write_text(lines(load_toy_nq()[0][:4]), encoding="utf-8")
    whole = pretrain(root, tmp_path, "whole")
    assert whole.returncode == 0, whole.stderr
    pretrain(root, tmp_path, "halved", "--stop-at", 4)
    assert not (tmp_path / "halved").exists()
    assert "going on from step 4" in pretrain(root, tmp_path, "halved").stdout
    (_, a), (_, b) = load_reader(tmp_path / "whole"), load_reader(tmp_path / "halved")
    for (name, p), q in zip(a.named_parameters(), b.parameters()):
        assert torch.equal(p, q), name
    log = json.loads((tmp_path / "whole" / "pretraining.json").read_text())
    assert log["recipe"]["d"] == 48 and "zero_shot" in log["curve"][-1]
    refused = pretrain(root, tmp_path, "whole", "--seed", 9)
    assert refused.returncode and "another recipe" in refused.stderr
