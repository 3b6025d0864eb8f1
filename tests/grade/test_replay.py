"""Receipts, the records of how a mark was made: `replay` computes the mark again and names everything that has changed since."""

import json

import pytest
from damages import clean
from handed_in import LOSS, SECRET, STAGE, submit

from autograder.grade.grade import grade
from autograder.grade.replay import replay
from autograder.sandbox.limits import Limits

pytestmark = pytest.mark.usefixtures("one_pool")


def test_a_receipt_can_be_replayed(tmp_path, folders):
    wrong = "def get_in_batch_contrastive_loss(model, batch):\n    return torch.zeros((), requires_grad=True), 0\n"
    path = submit(tmp_path / "in", "ada", clean(STAGE, {LOSS: wrong}))
    grade(tmp_path / "in", **folders)
    result = folders["results"] / STAGE / "ada.json"
    assert replay(result, path, secret=SECRET) == []
    assert replay(result, path, "4.1", secret=SECRET) == []
    assert any("secret seed" in line for line in replay(result, path, secret=SECRET + "!"))
    path.write_bytes(clean(STAGE))
    told = replay(result, path, LOSS, secret=SECRET)
    assert any("submitted file" in line for line in told) and any("points were recorded" in line for line in told)
    with pytest.raises(ValueError, match="no exercise"):
        replay(result, path, "9.9", secret=SECRET)
    with pytest.raises(ValueError, match="not the result"):
        replay(path, path, secret=SECRET)
    with pytest.raises(FileNotFoundError, match="handed in"):
        replay(result, tmp_path / "other.ipynb", secret=SECRET)
    path.write_bytes(b"")
    assert len(replay(result, path, secret=SECRET)) == 1
    grade(tmp_path / "in", **folders)
    assert replay(result, path, secret=SECRET) == []  # recorded as not gradable, and still not gradable


def test_a_receipt_of_every_kind_can_be_replayed(tmp_path, folders):
    """The result of work that was stopped, missing or unreadable can be replayed too. A changed time limit is reported."""
    stop = "def get_in_batch_contrastive_loss(model, batch):\n    "
    kinds = {
        "syntax error": clean(STAGE, {LOSS: "def f(:"}), "crashed": clean(STAGE, {LOSS: stop + "quit()"}),
        "timeout": clean(STAGE, {LOSS: stop + "while True: pass"}), "memory": clean(STAGE, {LOSS: stop + "torch.zeros(1 << 40)"}),
    }  # fmt: skip
    raw = json.loads(clean(STAGE))
    raw["cells"] = [c for c in raw["cells"] if LOSS not in "".join(c["source"])]
    kinds |= {"missing": json.dumps(raw).encode(), "not gradable": b"{"}
    paths = {kind: submit(tmp_path / "in", kind, raw) for kind, raw in kinds.items()}
    results = {r["student"].replace("_", " "): r for r in grade(tmp_path / "in", limits=Limits(seconds=2.0), **folders).results}
    for kind, path in paths.items():
        assert kind in (results[kind]["status"], results[kind]["exercises"].get(LOSS, {}).get("status")), kind
        only = None if kind == "not gradable" else LOSS
        assert replay(folders["results"] / STAGE / f"{results[kind]['student']}.json", path, only, secret=SECRET) == [], kind

    paths["not gradable"].write_bytes(b"{\n")
    told = replay(folders["results"] / STAGE / "not_gradable.json", paths["not gradable"], secret=SECRET)
    assert told == ["the submitted file is not the one that the result was computed from"]
    late = folders["results"] / STAGE / "timeout.json"
    told = replay(late, paths["timeout"], LOSS, secret=SECRET, limits=Limits(seconds=1.5))
    assert told == ["4.1: the time limit differs from the one in the receipt"]
    result = json.loads(late.read_text())
    late.write_text(json.dumps(result | {"exercises": {"renamed": result["exercises"][LOSS]}}))
    assert replay(late, paths["timeout"], secret=SECRET) == ["4.1: the course has no exercise renamed any more"]
