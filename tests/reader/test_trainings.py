"""The commands `read-train` and `distill` take the same training steps as the notebooks.

The steps stay the same if a run is stopped and continued, if each step is computed in parts, and in two processes.
"""

import json

import pytest
import torch
from tiny_reader import STEPS, save_tiny_reader, train_reader

from dpr_course.cli import main
from dpr_course.encoders import load_encoder, load_tokenizer
from dpr_course.pipeline.checkpoint import Checkpoint
from dpr_course.pipeline.distributed import launch
from dpr_course.pipeline.retriever import Retriever
from dpr_course.reader.batch import reader_batch
from dpr_course.reader.distill import distillation_loss, tensorize_candidates
from dpr_course.reader.fid_files import load_fid
from dpr_course.reader.fit import SplitLoss, answer_loss
from dpr_course.reader.model import load_reader
from dpr_course.reader.samples import with_passages
from dpr_course.train import train


def weights(folder):
    return load_reader(folder)[1].state_dict()


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


class Interrupted(Checkpoint):
    """A checkpoint that raises KeyboardInterrupt, as Ctrl-C does, after it has saved its second state."""

    def save(self, parts, done):
        super().save(parts, done)
        if len(done.history.steps) == 4:
            raise KeyboardInterrupt


@pytest.mark.parametrize("command", ["read-train", "distill"])
def test_a_stopped_run_goes_on_and_ends_as_if_never_stopped(files, tmp_path, command, monkeypatch, capsys):
    folder = files[0]
    data = [command, str(folder / "bm25.json"), *STEPS]
    data += ["--reader", save_tiny_reader(tmp_path / "t5", files[2], dropout=0.3)] if command == "read-train" else ["--in-batch"]
    main([*data, "--out", str(tmp_path / "whole")])
    with monkeypatch.context() as m:
        m.setattr("dpr_course.reader.lessons.Checkpoint", Interrupted)
        with pytest.raises(SystemExit, match="stopped"):
            main([*data, "--out", str(tmp_path / "parts")])
    assert not (tmp_path / "parts").exists() and len(list(tmp_path.glob(".parts.*.checkpoint"))) == 1
    main([*data, "--out", str(tmp_path / "parts")])
    assert "going on from the last checkpoint" in capsys.readouterr().out
    assert not list(tmp_path.glob(".parts.*.checkpoint"))
    if command == "distill":
        assert Retriever.load(tmp_path / "parts").fingerprint() == Retriever.load(tmp_path / "whole").fingerprint()
    else:
        assert same(weights(tmp_path / "parts"), weights(tmp_path / "whole"))
    main([*data, "--out", str(tmp_path / "parts")])
    assert "this very run already" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="something else here"):
        main([*data, "--lr", "0.01", "--out", str(tmp_path / "parts")])


def test_the_commands_train_as_the_notebooks_do(files, tmp_path):
    """The commands train for a number of steps, the notebooks for a number of epochs. Both take the same steps in order."""
    folder, samples, passages = files
    lessons = with_passages(samples, passages, 4)
    tokenizer, model = load_reader(folder / "t5")
    history = train(model, lessons, lambda chosen: reader_batch(tokenizer, chosen, 2, 40), answer_loss,
                    epochs=2, batch_size=3, learning_rate=5e-4)  # fmt: skip
    train_reader(folder, tmp_path / "reader", options=["--batch-size", "3", "--total-steps", "8"])
    told = json.loads((tmp_path / "reader" / "history.json").read_text())
    assert [s["loss"] for s in told["steps"]] == pytest.approx([s["loss"] for s in history.steps], rel=1e-4)

    scored = load_fid(folder / "bm25.json")
    pupil = Retriever.from_pretrained("toy", max_length=24)
    history = train(pupil, scored, lambda chosen: tensorize_candidates(chosen, pupil.tokenizer, 24), distillation_loss,
                    epochs=2, batch_size=4, learning_rate=3e-4)  # fmt: skip
    main(["distill", str(folder / "bm25.json"), "--max-length", "24", "--batch-size", "4", "--total-steps", "6",
          "--out", str(tmp_path / "pupil")])  # fmt: skip
    told = json.loads((tmp_path / "pupil" / "history.json").read_text())
    assert [s["loss"] for s in told["steps"]] == pytest.approx([s["loss"] for s in history.steps], rel=1e-4)


def test_parts_of_a_step_give_the_gradient_of_the_whole(files):
    """A step in parts gives the gradient of the whole batch, although the answers differ in length.

    The mean of the parts' mean losses would give another gradient.
    """
    folder, _, _ = files
    tokenizer, model = load_reader(folder / "t5")
    batch = reader_batch(tokenizer, load_fid(folder / "bm25.json")[:5], 3, text_maxlength=50)
    assert len({int(n) for n in (batch[2] != -100).sum(1)}) > 1
    found = []
    for at_once in (5, 2, 1):
        model.zero_grad()
        loss, right = SplitLoss(answer_loss, at_once).backward(model, batch)
        found.append((loss.item(), int(right), torch.cat([p.grad.flatten() for p in model.parameters()])))
    for loss, right, g in found[1:]:
        assert loss == pytest.approx(found[0][0], rel=1e-5) and right == found[0][1]
        assert (g - found[0][2]).norm() < 1e-5 * g.norm()


def test_two_processes_do_the_work_of_one(files, tmp_path, root, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(root))
    folder, commands, encoder = files[0], {}, without_dropout(tmp_path / "encoder")
    for name in ("one", "two"):
        out = tmp_path / name
        commands[name] = [
            ["read-train", str(folder / "bm25.json"), "--reader", str(folder / "t5"), *STEPS, "--out", f"{out}-reader"],
            ["read", str(folder / "t5"), str(folder / "bm25.json"), "--write-scores", f"{out}-scores.json", "--out", f"{out}.tsv"],
            ["distill", str(folder / "bm25.json"), "--retriever", encoder, *STEPS, "--max-length", "24", "--out", f"{out}-pupil"],
        ]
    for line in commands["one"]:
        main(line)
    (tmp_path / "lines.json").write_text(json.dumps(commands["two"]))
    assert launch(2, root / "tests" / "reader_ranks.py", tmp_path / "lines.json") == 0
    for part in ("reader", "pupil"):
        one, two = (json.loads((tmp_path / f"{name}-{part}" / "history.json").read_text())["steps"] for name in ("one", "two"))
        assert [s["loss"] for s in two] == pytest.approx([s["loss"] for s in one], rel=1e-3)
        assert [s["accuracy"] for s in two] == [s["accuracy"] for s in one]
    assert (tmp_path / "two.tsv").read_text() == (tmp_path / "one.tsv").read_text()
    one, two = (load_fid(tmp_path / f"{name}-scores.json") for name in ("one", "two"))
    for a, b in zip(one, two, strict=True):
        assert [p["score"] for p in b["ctxs"]] == pytest.approx([p["score"] for p in a["ctxs"]], abs=1e-5)


def without_dropout(folder):
    """Save the toy encoder with dropout 0, since dropout masks would differ between processes. Returns the folder as text."""
    encoder = load_encoder("toy")
    encoder.config.dropout = encoder.config.attention_dropout = 0.0
    encoder.save_pretrained(folder)
    load_tokenizer("toy").save_pretrained(folder)
    return str(folder)
