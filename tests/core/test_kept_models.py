"""Trained models that are kept on disk: a model is loaded again only for exactly the training run that made it."""

import types

import pytest
import torch

from dpr_course import kept_models as module
from dpr_course.kept_models import kept, signature
from dpr_course.train import History

CODE = """
import torch
samples, rate, calls = [{"question": "a"}], 0.1, []

def helper(x):
    return x * 2

class Loss:
    scale = 1
    def of(self, x):
        return helper(x) * self.scale

def collate(batch, pad=0):
    return [s["question"] in {"a", "b"} for s in batch]

def recipe(model, seed=0):
    def fit():
        torch.manual_seed(seed)
        collate(samples)
        with torch.no_grad():
            for p in model.parameters():
                p.add_(Loss().of(torch.randn_like(p) * rate))
        return HISTORY(steps=[{"step": 1, "loss": 0.5}], best_epoch=1)
    return fit
"""


def world(code=CODE):
    """Return an object whose attributes are the names that `code` defines, as if it ran in a kernel that has just started."""
    names = {"__name__": "previous", "HISTORY": History}
    exec(compile(code, f"cell-{id(names)}.py", "exec"), names)
    return types.SimpleNamespace(**names)


def model(seed=0):
    torch.manual_seed(seed)
    return torch.nn.Linear(3, 3)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DPR_KEPT", str(tmp_path / "kept"))
    for name in ("DPR_REPORT", "NBGRADER_EXECUTION", "DPR_FRESH"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "kept"


def never():
    raise AssertionError("trained again")


def test_the_same_run_is_loaded_and_not_trained_again(folder, capsys, monkeypatch):
    first, second = model(), model()
    history = kept("04_nce", first, world().recipe(first))
    fit = world().recipe(second)
    name = signature(fit)
    monkeypatch.setattr(module, "signature", lambda f: name)
    again = kept("04_nce", second, never)
    assert again == history and all(torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters()))
    assert not second.training
    told = capsys.readouterr().out
    assert "Not trained again" in told and str(next(folder.iterdir())) in told


@pytest.mark.parametrize(
    "old, new",
    [
        ("return x * 2", "return x * 3"),  # a function that a class of the loss calls
        ("scale = 1", "scale = 2"),
        ("* self.scale", "+ self.scale"),
        ("pad=0", "pad=1"),
        ('"b"}', '"c"}'),
        ('"question": "a"', '"question": "z"'),
        ("rate, calls = [{", "rate, calls = [{}, {"),
        ("0.1", "0.2"),
        ("seed=0", "seed=1"),
    ],
)
def test_whatever_shapes_the_run_makes_it_another(old, new):
    assert old in CODE
    m = model()
    assert signature(world().recipe(m)) == signature(world().recipe(m))
    assert signature(world(CODE.replace(old, new, 1)).recipe(m)) != signature(world().recipe(m))


def test_what_does_not_shape_the_run_leaves_it_the_same():
    m = model()
    for code in ("\n\n# a comment\n" + CODE, CODE + "\ndef unused():\n    return 7\n"):
        assert signature(world(code).recipe(m)) == signature(world().recipe(m))


def test_other_weights_are_another_run():
    assert signature(world().recipe(model(0))) == signature(world().recipe(model(0)))
    assert signature(world().recipe(model(0))) != signature(world().recipe(model(1)))


def test_an_object_without_content_of_its_own_is_never_taken_for_the_same():
    def recipe(thing):
        return lambda: thing

    assert signature(recipe(object())) != signature(recipe(object()))


@pytest.mark.parametrize("name", ["DPR_REPORT", "NBGRADER_EXECUTION", "DPR_FRESH"])
def test_reports_and_nbgrader_always_train(name, folder, monkeypatch):
    m = model()
    kept("04_nce", m, world().recipe(m))
    before = {p: p.read_bytes() for p in folder.iterdir()}
    monkeypatch.setenv(name, "1")
    m = model()
    with pytest.raises(AssertionError, match="trained again"):
        kept("04_nce", m, never)
    assert {p: p.read_bytes() for p in folder.iterdir()} == before


def test_one_file_a_name_and_others_are_left_alone(folder):
    for seed in (0, 1):
        for name in ("04_nce", "05_nce"):
            m = model(seed)
            kept(name, m, world().recipe(m))
    (folder / "04_nce-notes.pt").write_text("mine")
    m = model(2)
    kept("04_nce", m, world().recipe(m))
    assert sorted(p.name.split("-")[0] for p in folder.iterdir()) == ["04_nce", "04_nce", "05_nce"]


def test_a_damaged_file_is_made_anew(folder):
    m = model()
    history = kept("04_nce", m, world().recipe(m))
    [path] = folder.iterdir()
    path.write_bytes(path.read_bytes()[:100])
    m = model()
    assert kept("04_nce", m, world().recipe(m)) == history
    assert path.stat().st_size > 100


def test_a_folder_that_cannot_be_written_costs_no_training(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DPR_KEPT", str(tmp_path / "file" / "kept"))
    m = model()
    assert kept("04_nce", m, world().recipe(m)).best_epoch == 1
    assert "could not be kept" in capsys.readouterr().out
