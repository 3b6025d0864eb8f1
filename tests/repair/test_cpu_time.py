"""One file cannot hold up the grading of a class: the processor time for reading it is limited, and a slow file is reported.

In these tests, the "clock" is the timer that enforces the limit, and a "strike" is an OutOfCpuTime that it raises inside the
running code.
"""

import contextlib
import json
import sys
import threading
import time

import pytest
from damages import LOSS, MASKED, clean, code, exercise

from autograder.grade.grade import Work
from autograder.repair import cpu_time
from autograder.repair import repair as repairing
from autograder.repair.cpu_time import OutOfCpuTime, cpu_seconds
from autograder.repair.notebook_file import MAX_CELLS, NotGradable
from autograder.repair.repair import repair
from autograder.sandbox.limits import Limits
from autograder.submissions.find import Submission

STAGE = "04_in_batch_loss"


def with_cells(cells):
    nb = json.loads(clean())
    at = exercise(nb)
    nb["cells"][at:at] = cells
    return json.dumps(nb).encode()


def spent(raw):
    """Repair the file with the bytes `raw`. Returns (seconds of processor time, the Repaired object or the reason for refusal)."""
    begun = time.process_time()
    try:
        made = repair(raw, STAGE)
    except NotGradable as e:
        made = str(e)
    return time.process_time() - begun, made


def markdown(text):
    return {"cell_type": "markdown", "metadata": {}, "source": text}


MUCH = {
    "a cell of shell lines": [code("!ls\n" * 12_000)],
    "shell lines and code": [code("!ls\n" * 2_000 + "x = 1\n" * 6_000)],
    "many cells of shell lines": [code("!ls -l\nx = 1\n" * 100) for _ in range(500)],
    "shell lines that are no Python in the end": [code("!ls\n" * 12_000 + "(")],
    "questions": [code("f?\n" * 12_000)],
    "cells of code": [code(f"x{i} = {i}") for i in range(9_000)],
    "cells of text": [markdown(f"cell {i}") for i in range(9_000)],
    "marks": [code(f"# exercise: {LOSS}\n" * 20_000)],
    "empty cells": [code("") for _ in range(100_000)],
    "a long text": [markdown("some words [a](b)\n" * 500_000)],
}


@pytest.mark.parametrize("cells", MUCH.values(), ids=MUCH)
def test_large_is_read_in_little_time(cells):
    seconds, made = spent(with_cells(cells))
    assert not isinstance(made, str) and set(made.exercises) == {LOSS, MASKED}
    assert seconds < 8


def test_time_grows_with_the_number_of_shell_lines_and_not_with_its_square():
    few, many = (min(spent(with_cells([code("!ls\ny = 2\n" * n)]))[0] for _ in range(3)) for n in (400, 4_000))
    assert many < 30 * few + 0.2


@pytest.mark.parametrize("make", [code, markdown])
def test_a_hundred_thousand_cells_are_refused_at_once(make):
    seconds, made = spent(with_cells([make(f"{i}") for i in range(100_000)]))
    assert isinstance(made, str) and "cells, more than" in made and str(MAX_CELLS) in made
    assert seconds < 8


def test_what_takes_too_long_is_not_gradable_and_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(repairing, "MAX_SECONDS", 0.05)
    path = tmp_path / "a.ipynb"
    path.write_bytes(with_cells([code(f"x{i} = {i}") for i in range(9_000)]))
    work = Work(Submission("ada", STAGE, path), "s" * 40, Limits())
    assert "more than 0.05 seconds of processor time" in work.reason and not work.runs
    assert work.result({})["status"] == "not gradable" and work.result({})["points"] is None
    path.write_bytes(clean())
    monkeypatch.setattr(repairing, "MAX_SECONDS", 20)
    assert not Work(Submission("bob", STAGE, path), "s" * 40, Limits()).reason, "and the next file is read as ever"


def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        with contextlib.suppress(Exception):
            [i * i for i in range(10_000)]


def test_the_clock_stops_work_and_lets_short_work_end():
    with cpu_seconds(5):
        burn(0.05)
    with pytest.raises(OutOfCpuTime), cpu_seconds(0.1):
        burn(5)
    burn(0.2)  # the clock is off again
    with cpu_seconds(0.1):
        time.sleep(0.3)  # waiting is no work


def test_a_strike_that_python_drops_is_followed_by_another(monkeypatch):
    monkeypatch.setattr(cpu_time, "AGAIN", 0.1)
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)  # pytest would report the dropped exception

    class Slow:
        def __del__(self):
            burn(0.2)  # the clock strikes here, and Python drops what is raised

    with pytest.raises(OutOfCpuTime), cpu_seconds(0.05):
        Slow()
        burn(5)
    with pytest.raises(OutOfCpuTime), cpu_seconds(0.15):
        Slow()  # the block ends before the next strike
    burn(0.3)  # the clock is off again


def test_another_thread_has_no_clock():
    ended = []

    def work():
        with cpu_seconds(0.05):
            burn(0.2)
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended
