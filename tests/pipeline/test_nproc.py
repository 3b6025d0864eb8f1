"""`dpr-course train --nproc 2` takes the same steps as one process, and saves the same files."""

import json
import subprocess
import sys

import pytest

from dpr_course.cli import main
from dpr_course.encoders import load_encoder, load_tokenizer
from dpr_course.pipeline.programs import cell_source, run_program
from dpr_course.pipeline.retriever import Retriever


@pytest.fixture
def config(toy_nq, tmp_path):
    """Return the path of a run's YAML file: four steps on eleven questions, gradient cache, and an encoder without dropout."""
    encoder = load_encoder("toy")
    encoder.config.dropout = encoder.config.attention_dropout = 0.0
    encoder.save_pretrained(tmp_path / "encoder")
    load_tokenizer("toy").save_pretrained(tmp_path / "encoder")
    (tmp_path / "train.json").write_text(json.dumps(toy_nq[0][:14]))
    (tmp_path / "val.json").write_text(json.dumps(toy_nq[1][:6]))
    path = tmp_path / "run.yaml"
    path.write_text(
        "data: {train: train.json, validation: val.json, passages: gold, held_out: 3}\n"
        f"model: {{max_length: 24, encoder: {tmp_path / 'encoder'}}}\n"
        "schedule: {epochs: 2, batch_size: 6, max_tokens: 100}\n"
    )
    return path


def test_two_processes_train_the_same_model_as_one(config, root, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.chdir(config.parent)
    main(["train", str(config), "--out", "one"])
    command = [sys.executable, "-m", "dpr_course.cli", "train", str(config), "--out", "two", "--nproc", "2"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("saved in two") == 1  # only one of the processes prints it
    histories = [json.loads((config.parent / name / "history.json").read_text()) for name in ("one", "two")]
    assert [s["loss"] for s in histories[1]["steps"]] == pytest.approx([s["loss"] for s in histories[0]["steps"]], rel=1e-3)
    assert histories[1]["epochs"] == histories[0]["epochs"]
    # The weights are not compared: where the true gradient is zero, AdamW turns rounding noise into steps. An example is a
    # bias that adds the same number to the scores of all passages.
    samples = json.loads((config.parent / "train.json").read_text())

    def scores(model):
        S = model.encode_questions([s["question"] for s in samples]) @ model.encode_passages([s["gold_context"] for s in samples]).T
        return S - S.mean(1, keepdim=True)

    one, two = (scores(Retriever.load(config.parent / name)) for name in ("one", "two"))
    untrained = scores(Retriever.from_pretrained(str(config.parent / "encoder"), max_length=24).eval())
    assert (two - one).abs().max() < 0.02 * (untrained - one).abs().max()
    assert not list(config.parent.glob(".*checkpoint"))


def test_more_processes_than_questions_in_a_batch_are_refused(config):
    with pytest.raises(SystemExit, match="between 1 and the batch size, 6"):
        main(["train", str(config), "--nproc", "7"])


def test_programs_say_what_they_print_and_why_they_fail(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "beside.py").write_text("value = 7\n")
    assert run_program("import sys, beside\nprint(beside.value, sys.argv[1:])", 5) == "7 ['5']\n"
    with pytest.raises(RuntimeError, match="no luck"):
        run_program("raise KeyError('no luck')")


def test_the_source_of_a_function_is_found_with_all_around_it():
    assert "import linecache" in cell_source(cell_source)
    namespace = {}
    exec("def f(): pass", namespace)
    with pytest.raises(ValueError, match="run it again"):
        cell_source(namespace["f"])
