"""The YAML file of a training run: missing keys get defaults, and every mistake is reported with its key and line."""

import json

import pytest
import yaml

from dpr_course.pipeline.config import CONFIGS, ConfigError, Run, load_config
from dpr_course.track import get_track


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "run.yaml"
        path.write_text(text)
        return path

    return write


def test_the_toys_file_shows_every_key_and_its_default():
    run = load_config(CONFIGS / "toy.yaml")
    shown = yaml.safe_load((CONFIGS / "toy.yaml").read_text())
    assert {s: set(keys) for s, keys in shown.items()} == {s: set(v) for s, v in Run().model_dump().items()}
    assert run == Run() == load_config()


@pytest.mark.parametrize("name", ["toy", "distilbert"])
def test_each_track_has_its_file(name):
    run, track = load_config(CONFIGS / f"{name}.yaml"), get_track(name)
    assert (run.model.encoder, run.model.max_length, run.optimiser.learning_rate) == (
        track.encoder,
        track.max_length,
        track.learning_rate,
    )
    assert (run.schedule.epochs, run.schedule.batch_size) == (track.epochs, track.batch_size)


def test_what_is_not_said_has_its_default(written):
    assert load_config(written("")) == Run()
    run = load_config(written("schedule:\n  epochs: 3\noptimiser: {learning_rate: 1e-4, max_grad_norm: 2}\n"))
    assert run.schedule.epochs == 3 and run.schedule.batch_size == Run().schedule.batch_size and run.optimiser.learning_rate == 1e-4


def test_paths_are_relative_to_the_file(written, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.json").write_text("[]")
    (tmp_path / "encoder").mkdir()
    run = load_config(written("data: {train: data/train.json, passages: gold}\nmodel: {encoder: encoder}\n"))
    assert run.data.train == str((tmp_path / "data" / "train.json").resolve()) and run.data.passages == "gold"
    assert run.model.encoder == str((tmp_path / "encoder").resolve())
    assert load_config(written("model: {encoder: distilbert-base-uncased}")).model.encoder == "distilbert-base-uncased"


def test_written_out_it_is_the_same_run(written):
    run = load_config(written("loss: {symmetric: 0.25}"))
    assert load_config(written(run.to_yaml())) == run


MISTAKES = [
    ("schedule:\n  epoch: 3\n", "line 2: schedule.epoch is not a known key; did you mean 'epochs'?"),
    ("optimizer:\n  learning_rate: 1e-4\n", "line 1: optimizer is not a known key; did you mean 'optimiser'?"),
    ("data:\n  zzz: 1\n", "line 2: data.zzz is not a known key; the known keys are train, validation"),
    ("schedule:\n  seed: 1\n  epochs: three\n", "line 3: schedule.epochs must be a valid integer, but is 'three'"),
    ("schedule:\n  epochs: 2.5\n", "line 2: schedule.epochs must be a valid integer, but is 2.5"),
    ("schedule:\n  epochs: true\n", "line 2: schedule.epochs must be a valid integer, but is True"),
    ("optimiser:\n  learning_rate: -0.1\n", "line 2: optimiser.learning_rate must be greater than 0, but is -0.1"),
    ("optimiser:\n  learning_rate: .inf\n", "line 2: optimiser.learning_rate must be"),
    ("model:\n  tied: 'no'\n", "line 2: model.tied must be a valid boolean, but is 'no'"),
    ("model:\n  encoder: 7\n", "line 2: model.encoder must be a valid string, but is 7"),
    ("data:\n  format: tsv\n", "line 2: data.format must be 'course' or 'dpr', but is 'tsv'"),
    ("data:\n\n  train: none.json\n", "line 3: data.train names a file that does not exist: "),
    ("loss:\nmodel:\n  tied: true\n", "line 1: loss must be a section with keys such as 'symmetric', but is None"),
    ("model:\n  tied: true\n  tied: false\n", "line 3: model.tied is given twice, first in line 2"),
    ("model:\n  tied: [true\n", "line 3: not valid YAML"),
    ("- model\n", "must hold the sections model, data"),
    ("model:\n  encoder: 2026-99-99\n", "line 2: not valid YAML ('2026-99-99' is no"),
    ("schedule:\n  epochs: !!int three\n", "line 2: not valid YAML ('three' is no"),
    ("loss:\n  symmetric: !!bool x\n", "line 2: not valid YAML ('x' is no"),
    ("[" * 5000, "not valid YAML (brackets"),
    ("model: !!python/object/apply:os.getcwd []\n", "line 1: not valid YAML"),
]


@pytest.mark.parametrize("text, words", MISTAKES, ids=[w.split(":", 1)[-1][:40] for _, w in MISTAKES])
def test_each_mistake_is_named_with_key_and_line(written, text, words):
    with pytest.raises(ConfigError) as e:
        load_config(written(text))
    assert words in str(e.value) and "run.yaml" in str(e.value) and "pydantic" not in str(e.value)


def test_all_mistakes_come_at_once(written):
    with pytest.raises(ConfigError) as e:
        load_config(written("schedule:\n  epochs: 0\n  warmup: 3\nx: 1\n"))
    assert len(str(e.value).splitlines()) == 3


def test_files_that_cannot_be_read_are_told(tmp_path):
    with pytest.raises(ConfigError, match="none.yaml: cannot be read"):
        load_config(tmp_path / "none.yaml")
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="x.yaml"):
        load_config(tmp_path / "x.yaml")


def test_every_key_of_the_file_is_checked(written):
    """Every key refuses a value of a wrong type."""
    for section, keys in Run().model_dump().items():
        for key in keys:
            with pytest.raises(ConfigError, match=f"line 1: {section}.{key} must be"):
                load_config(written(json.dumps({section: {key: [1]}})))
