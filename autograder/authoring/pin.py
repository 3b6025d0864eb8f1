"""Computes the expected values of the checks that students run, and writes them to dpr_course/checks/expected.json.

The reference solution of each exercise runs several times on the published inputs, with different numeric settings (number of
threads, oneDNN, float64, attention). The largest relative difference between these runs is the noise. The wrong solutions in
the bank (autograder/bank, known answers to each exercise) also run. When a student's answer fails a check, the check compares the
student's values with those of the wrong solutions to name the mistake.

Nothing is written unless two conditions hold. First, the tolerance is at least 10 times the noise. Second, in the test that must
catch a wrong solution, at least one value of this solution differs from the reference by more than 10 tolerances.
"""

import json
import platform
import re

import numpy as np
import torch
import transformers

from autograder.places import ROOT
from autograder.proof.bank import entries
from autograder.proof.variants import VARIANTS, variant
from autograder.stages.source import load_reference
from dpr_course.checks import CHECKS, PUBLISHED_SEED, observe
from dpr_course.checks.compare import TOLERANCE, difference, what
from dpr_course.checks.expected import encode

TARGET = ROOT / "dpr_course" / "checks" / "expected.json"


def relative(a, b):
    """Return the largest absolute difference between two arrays, divided by the largest absolute value of the first array.

    Return inf if the shapes differ, and 0.0 for empty arrays.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        return float("inf")
    if not a.size:
        return 0.0
    return float(np.abs(a - b).max() / max(np.abs(a).max(), 1e-12))


def pin_exercise(check):
    """Return one exercise's entry for expected.json: {"reference": {key: value}, "mistakes": list of known wrong answers}.

    Raises SystemExit if the reference solution fails or its noise is too large, or if a wrong solution is not caught by the
    test that is declared in its file. Raises AssertionError if a text among the reference's values is different under other
    numeric settings.
    """
    namespace = load_reference()
    objects = {n: namespace[n] for n in check.names}
    reference = observe(check, objects)
    broken = [k for k in reference if k.endswith(".error")]
    if broken:
        raise SystemExit(f"{check.exercise}: the reference solution fails: {reference[broken[0]]}")
    keys = sorted({k for t in check.tests for k in t.keys})
    noise = dict.fromkeys(keys, 0.0)
    for settings in VARIANTS:
        with variant(*settings):
            again = observe(check, objects)
        for k in keys:
            if isinstance(reference[k], str):
                assert again[k] == reference[k], f"{check.exercise}: {k} changes with the numeric variant"
            else:
                noise[k] = max(noise[k], relative(reference[k], again[k]))
    loud = [k for k in keys if noise[k] * 10 > TOLERANCE]
    if loud:
        raise SystemExit(f"{check.exercise}: noise of {', '.join(loud)} is more than a tenth of the tolerance {TOLERANCE}")

    mistakes = []
    for entry in entries(check.exercise):
        if entry.right:
            continue
        seen = observe(check, entry.objects(check.names))
        tests = {t.name: t for t in check.tests}
        if entry.caught_by not in tests:
            raise SystemExit(f"{check.exercise}/wrong_{entry.name}: no test is called {entry.caught_by!r}")
        if all(difference(seen, reference, k, 10 * TOLERANCE) is None for k in tests[entry.caught_by].keys):
            raise SystemExit(f"{check.exercise}/wrong_{entry.name}: not caught by {entry.caught_by!r} with 10 tolerances to spare")
        seen = {k: encode(v) for k, v in seen.items() if k in keys} | {k: what(e) for k, e in seen.items() if k.endswith(".error")}
        mistakes.append({"name": entry.name, "message": entry.message, "observation": seen})
    values = {k: encode(reference[k]) for k in keys}
    for k, v in values.items():
        if isinstance(v, dict):
            v["noise"] = float(f"{noise[k]:.1e}")
    return {"reference": values, "mistakes": mistakes}


def pin():
    """Write the values that each check expects, and those of known mistakes, to expected.json. Print a line for each exercise."""
    content = {
        "generator": "python -m autograder pin",
        "seed": PUBLISHED_SEED,
        "tolerance": TOLERANCE,
        "versions": {
            "python": platform.python_version(), "torch": torch.__version__.split("+")[0],
            "transformers": transformers.__version__, "numpy": np.__version__,
        },
        "exercises": {name: pin_exercise(check) for name, check in CHECKS.items()},
    }  # fmt: skip
    text = json.dumps(content, indent=1, ensure_ascii=False)
    # put each list of numbers on one line
    text = re.sub(r"\[[^\[\]{}\"]*\]", lambda m: "[" + " ".join(m[0][1:-1].split()) + "]", text)
    TARGET.write_text(text + "\n", encoding="utf-8")
    for name, entry in content["exercises"].items():
        print(f"{name}: {len(entry['reference'])} values, {len(entry['mistakes'])} known mistakes")
