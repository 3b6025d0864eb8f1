"""Makes the class report, one self-contained HTML page for the instructor.

For each exercise, the report shows the points, the item analysis (how difficult the exercise and its tests are, and whether they
separate strong work from weak), the failed tests and the mistakes. The item analysis is also written as JSON beside the page,
without any student's name.
"""

import json
from collections import Counter
from itertools import groupby
from pathlib import Path

import numpy as np

from autograder.authoring.html_templates import figure_uri, render, write_file
from autograder.marks.attempts import term, times
from autograder.marks.item_analysis import WEAK, analyse
from autograder.marks.wrong_clusters import clusters, recorded_cells
from autograder.plain import number
from autograder.stages.source import read_stage

SHOWN = 5  # maximum number of groups of wrong answers that are shown per exercise


def as_text(r):
    """Return a correlation as text, such as "+0.25", or "–" for None."""
    return "–" if r is None else f"{r:+.2f}"


def histogram(points, max_points, name):
    """Draw a histogram of `points`, a list with one number per student. Return (data URI of the picture, alternative text).

    max_points: the maximum of the points, where the axis ends; name: title of the picture.
    """
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


def map_of_items(items):
    """Draw a scatter plot of the exercises by difficulty and discrimination. Return (data URI of the picture, alternative text).

    items: the list that `item_analysis.analyse` returns. If "discrimination" is None for all exercises, return None.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from dpr_course.plots import COLOURS, STYLE

    drawn = [i for i in items if i["discrimination"] is not None]
    if not drawn:
        return None
    with rc_context(STYLE):
        figure = Figure(figsize=(7, 4.2), layout="constrained")
        axes = figure.subplots()
    axes.axhspan(-1, WEAK, color=COLOURS[1], alpha=0.12, linewidth=0)
    axes.scatter([i["difficulty"] for i in drawn], [i["discrimination"] for i in drawn], color=COLOURS[0])
    lowest = min(0.0, *(i["discrimination"] for i in drawn)) - 0.1
    placed = []
    for i in sorted(drawn, key=lambda i: (i["discrimination"], i["difficulty"])):
        x, y = i["difficulty"], i["discrimination"] + 0.02
        while any(abs(x - a) < 0.045 and abs(y - b) < 0.045 for a, b in placed):  # a label never covers another one
            y += 0.045
        placed.append((x, y))
        axes.text(x, y, i["number"], ha="center", va="bottom", fontsize=9)
    axes.set(
        xlabel="difficulty: mean share of the points (right: easy)",
        ylabel="discrimination",
        xlim=(-0.03, 1.03),
        ylim=(lowest, max(1.0, max(b for _, b in placed) + 0.08)),
        title="Exercises by difficulty and discrimination",
    )
    told = "; ".join(f"{i['number']}: {i['difficulty']:.2f}, {as_text(i['discrimination'])}" for i in drawn)
    return figure_uri(figure), f"Difficulty and discrimination of each exercise. {told}."


def exercise_summary(exercise, results, item, time, cell_of=None):
    """Return the values that the page shows for one exercise, as a dictionary.

    results  list of the graded results of the exercise's stage, at least one
    item     the exercise's entry in the list that `item_analysis.analyse` returns
    time     the exercise's entry in the dictionary that `attempts.times` returns
    cell_of  function that returns a recorded notebook, see `wrong_clusters.clusters`, or None
    """
    done = [r["exercises"][exercise] for r in results]
    tests = []
    for i, t in enumerate(done[0]["tests"]):
        own = [e["tests"][i] for e in done]
        passed = [x["passed"] for x in own]
        failed = len(own) - sum(passed)
        analysed = item["tests"][i]
        tests.append({
            "name": t["name"], "points": t["max_points"], "failed": failed, "share": round(100 * failed / len(own)),
            "hidden_only": sum(x["hidden_only"] for x in own), "discrimination": as_text(analysed["discrimination"]),
            "remark": analysed["remark"],
        })  # fmt: skip
    # If several tests find the same mistake in a student's answer, it is counted once.
    mistakes = Counter(m for e in done for m in sorted({t["message"] for t in e["tests"] if t["mistake"]}))
    name = f"{done[0]['number']} {done[0]['title']}"
    picture, alt = histogram([e["points"] for e in done], done[0]["max_points"], name)
    groups, silent = clusters(results, exercise, cell_of)
    return {
        **done[0],
        "exercise": exercise,
        "item": item,
        "time": time,
        "groups": groups,
        "shown": [g for g in groups if g["students"] > 1][:SHOWN],
        "silent": silent,
        "tests": tests,
        "mistakes": sorted(mistakes.items(), key=lambda m: (-m[1], m[0])),
        "picture": picture,
        "alt": alt,
    }


def stage_summary(stage, results, items, when, cell_of=None):
    """Return the values that the page shows for one stage, as a dictionary.

    results  all results of the stage, including those of submissions that could not be graded
    items    {exercise: its entry in the list that `item_analysis.analyse` returns}
    when     the dictionary that `attempts.times` returns
    cell_of  function that returns a recorded notebook, see `wrong_clusters.clusters`, or None
    """
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
        "exercises": [exercise_summary(e, graded, items[e], when[stage, e], cell_of) for e in graded[0]["exercises"]]
        if graded
        else [],
    }


def summaries(results, released=None, cell_of=None, root=None):
    """Return two values: a list of the stages' summaries (see `stage_summary`) and the list that `item_analysis.analyse` returns.

    results: results of any stages and students; released: {number of a stage: date of its release}, see
    `attempts.release_dates`; cell_of: see `wrong_clusters.clusters`; root: folder of the course, by default this one.
    """
    ordered = sorted(results, key=lambda r: (r["stage"], r["student"]))
    items, when = analyse(ordered), times(ordered, released or {}, root)
    by_exercise = {i["exercise"]: i for i in items}
    stages = [stage_summary(s, list(rs), by_exercise, when, cell_of) for s, rs in groupby(ordered, key=lambda r: r["stage"])]
    return stages, items


def report_page(results, released=None, cell_of=None, root=None):
    """Return the class report as HTML text. The arguments are those of `summaries`."""
    stages, items = summaries(results, released, cell_of, root)
    return _page(stages, items)


def _page(stages, items):
    looked = [(e, t) for s in stages for e in s["exercises"] for t in e["tests"] if t["remark"]]
    return render("class_report.html", stages=stages, items=items, map=map_of_items(items), looked=looked)


def analysis_json(stages):
    """Return the item analysis as a dictionary for JSON, without any student's name.

    For each exercise, the dictionary also says how long students took to solve it, and lists the groups of students with the same
    wrong values. stages: the stages' summaries, see `summaries`.
    """
    keys = "id", "students", "tests", "mistakes", "observed", "code"
    return {
        "exercises": [
            {**e["item"], "time_to_right": e["time"], "groups": [{k: g[k] for k in keys} for g in e["groups"]],
             "wrong_without_values": e["silent"]}
            for s in stages for e in s["exercises"]
        ]
    }  # fmt: skip


def write_report(results, out=None, json_out=None, released=None, root=None, cells=True):
    """Write the class report as HTML to `out` and its item analysis as JSON to `json_out`. Return both paths.

    By default, `out` is autograder/term/class_report.html of the course in `root`, and the JSON is written beside the page.
    cells: whether page and JSON show code from students' recorded notebooks. The other arguments are those of `summaries`.
    """
    stages, items = summaries(results, released, recorded_cells(root) if cells else None, root)
    page = write_file(Path(out or term(root) / "class_report.html"), _page(stages, items))
    text = json.dumps(analysis_json(stages), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return page, write_file(Path(json_out) if json_out else page.with_suffix(".json"), text)
