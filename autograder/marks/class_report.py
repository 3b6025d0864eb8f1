"""The class report, one self-contained HTML page for the instructor: the points, failed tests and mistakes of each exercise."""

from collections import Counter
from itertools import groupby
from pathlib import Path

import numpy as np

from autograder.authoring.page import figure_uri, render, write_file
from autograder.places import TERM
from autograder.plain import number
from autograder.stages.source import read_stage

FEWEST = 5  # the smallest number of students for which a correlation is shown


def discrimination(passed, rest):
    """Return the point-biserial correlation between passing a test (n,) and the points earned elsewhere (n,), as text.

    n is the number of students. The text is "–" for fewer than FEWEST students, or if one of the two is the same for all.
    """
    passed, rest = np.asarray(passed, float), np.asarray(rest, float)
    if len(passed) < FEWEST or passed.std() == 0 or rest.std() == 0:
        return "–"
    return f"{np.corrcoef(passed, rest)[0, 1]:+.2f}"


def histogram(points, max_points, name):
    """Draw how many students earned how many points. Return (data URI of the picture, alt text)."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from dpr_course.plots import COLOURS, STYLE

    counts = Counter(points)
    with rc_context(STYLE):
        figure = Figure(figsize=(6.5, 2.4), layout="constrained")
        axes = figure.subplots()
    axes.bar(list(counts), list(counts.values()), width=0.6, color=COLOURS[0])
    axes.set(xlabel="points", ylabel="students", xlim=(-0.6, max_points + 0.6), title=name)
    axes.yaxis.get_major_locator().set_params(integer=True)
    told = ", ".join(f"{number(p)} points: {counts[p]}" for p in sorted(counts))
    return figure_uri(figure), f"Students by points of {number(max_points)} in {name}. {told}."


def exercise_summary(exercise, results):
    """Return the values that the page shows for one exercise. results: the graded results of its stage, at least one."""
    done = [r["exercises"][exercise] for r in results]
    totals = np.array([r["points"] for r in results])
    tests = []
    for i, t in enumerate(done[0]["tests"]):
        own = [e["tests"][i] for e in done]
        passed = [x["passed"] for x in own]
        failed = len(own) - sum(passed)
        rest = totals - np.array([x["points"] for x in own])
        tests.append({
            "name": t["name"], "points": t["max_points"], "failed": failed, "share": round(100 * failed / len(own)),
            "hidden_only": sum(x["hidden_only"] for x in own), "discrimination": discrimination(passed, rest),
        })  # fmt: skip
    # If several tests find the same mistake of a student, it is counted once.
    mistakes = Counter(m for e in done for m in sorted({t["message"] for t in e["tests"] if t["mistake"]}))
    name = f"{done[0]['number']} {done[0]['title']}"
    picture, alt = histogram([e["points"] for e in done], done[0]["max_points"], name)
    return {
        **done[0],
        "tests": tests,
        "mistakes": sorted(mistakes.items(), key=lambda m: (-m[1], m[0])),
        "picture": picture,
        "alt": alt,
    }


def stage_summary(stage, results):
    """Return the values that the page shows for one stage. results: all results of the stage, also those not gradable."""
    graded = [r for r in results if r["status"] == "graded"]
    points = [r["points"] for r in graded]
    return {
        "title": read_stage(stage).title,
        "graded": len(graded),
        "max_points": graded[0]["max_points"] if graded else 0,
        "mean": float(np.mean(points)) if graded else 0,
        "median": float(np.median(points)) if graded else 0,
        "not_gradable": [(r["student"], r["reason"]) for r in results if r["status"] != "graded"],
        "stopped": [
            (r["student"], e["number"], e["status"], e["reason"])
            for r in graded
            for e in r["exercises"].values()
            if e["status"] not in ("graded", "unsolved")
        ],
        "exercises": [exercise_summary(e, graded) for e in graded[0]["exercises"]] if graded else [],
    }


def report_page(results):
    """Return the page as HTML text. results: the results of any number of stages and students."""
    ordered = sorted(results, key=lambda r: (r["stage"], r["student"]))
    stages = [stage_summary(s, list(rs)) for s, rs in groupby(ordered, key=lambda r: r["stage"])]
    return render("report.html", stages=stages)


def write_report(results, out=None):
    """Write the page, by default to autograder/term/class_report.html. Return the path."""
    return write_file(Path(out or TERM / "class_report.html"), report_page(results))
