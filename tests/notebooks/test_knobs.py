"""The knob, a cell at the end of a stage with a setting to change: each value that its text names gives another output."""

import contextlib
import io
import re
import sys
import types

import pytest

from autograder.stages.source import previous_source, read_stage

KNOBS = {  # {stage: (the variable to set, values that the text names)}
    "01_dual_encoder": ("tied", [True, False]),
    "02_collate": ("max_length", [32, 64, 100, 128]),
    "03_recall_at_k": ("k", [1, 20, 100]),
}


@pytest.mark.parametrize("stage", KNOBS)
def test_a_knob_changes_what_is_printed(stage, monkeypatch, tmp_path):
    monkeypatch.setenv("DPR_PICTURES", str(tmp_path))
    previous = types.ModuleType("previous")
    exec(previous_source(stage) or "", previous.__dict__)
    monkeypatch.setitem(sys.modules, "previous", previous)
    cells = read_stage(stage).cells
    knob = next(i for i, c in enumerate(cells) if "🎛" in c.source) + 1
    namespace = {"__name__": stage}
    variable, values = KNOBS[stage]
    setting = rf"^{variable} = .+$"
    assert re.search(setting, cells[knob].source, re.MULTILINE)
    with contextlib.redirect_stdout(io.StringIO()):
        for c in cells[:knob]:
            if c.kind == "code" and "check" not in c.metadata:
                exec(compile(c.source, stage, "exec"), namespace)
    printed = []
    for value in values:
        source = re.sub(setting, f"{variable} = {value}", cells[knob].source, count=1, flags=re.MULTILINE)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(source, stage, "exec"), namespace)
        printed.append(re.sub(rf"\b{variable}\b.{{0,3}}{value}\b|@{value}\b", "", out.getvalue()))  # without the value
    assert len(set(printed)) == len(values), printed
