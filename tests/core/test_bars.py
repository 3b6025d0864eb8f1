"""Progress bars in an executed notebook leave one line, that of the outermost bar, with and without ipywidgets."""

import nbformat
import pytest

from autograder.kernels import notebook_client

TRAINING = """\
import logging, sys
if not WIDGETS:
    sys.modules["ipywidgets"] = None
import torch
from dpr_course.start import start

start("00_start_here", repository="https://github.com/a/b")"""
LOOP = """\
import time
from dpr_course.runtime import progress
from dpr_course.train import train

def evaluate(model):
    for _ in progress(range(3), desc="embedding", leave=False):
        time.sleep(0.2)
    return 1.0

def loss(model, batch):
    time.sleep(0.05)
    return model(batch[0]).square().mean(), 1

train(torch.nn.Linear(2, 1), [[1.0, 2.0]] * 12, lambda s: (torch.tensor(s),), loss,
      epochs=3, batch_size=2, learning_rate=0.1, evaluate=evaluate, desc="NCE")
print("trained")"""
ALONE = """\
for _ in progress(range(4), desc="embedding", leave=False):
    time.sleep(0.2)
try:
    for _ in progress(range(4), desc="stopped"):
        raise KeyboardInterrupt
except KeyboardInterrupt:
    pass
for _ in progress(range(4), desc="after it"):
    time.sleep(0.2)"""
CAUGHT = """\
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()):
    for _ in progress(range(4), desc="in a check"):
        time.sleep(0.2)"""


@pytest.mark.parametrize("widgets", [True, False])
def test_one_line_stays_of_a_training_cell(widgets, monkeypatch):
    monkeypatch.delenv("DPR_NO_PROGRESS", raising=False)
    cells = [f"WIDGETS = {widgets}\n{TRAINING}", LOOP, ALONE, CAUGHT]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    notebook_client(notebook, 100).execute()
    set_up, trained, alone, caught = [c.outputs for c in notebook.cells]
    assert [(o.output_type, o.name) for o in set_up] == [("stream", "stdout")], "no red line about missing widgets"
    bar, told = trained
    assert told.text == "trained\n" and list(bar.data) == ["text/plain"] and bar.data["text/plain"].count("\n") == 0
    assert (
        bar.data["text/plain"].startswith("NCE: 100%") and "18/18" in bar.data["text/plain"] and "dev=1.0" in bar.data["text/plain"]
    )
    assert [o.data["text/plain"].partition(":")[0] for o in alone] == ["", "stopped", "after it"]
    assert caught == [] and "widgets" not in notebook.metadata
