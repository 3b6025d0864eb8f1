"""Computes the item analysis of a class: how difficult each item is, and whether it separates strong work from weak.

An item is an exercise, or one of the tests in an exercise's check.

difficulty      mean share of the item's points that students earn, from 0 to 1; a high value means an easy item. (Crocker and
                Algina 1986, *Introduction to Classical and Modern Test Theory*, chapter 14.)
discrimination  correlation, over students, of the item's points with what the student earned elsewhere, that is, outside this
                item: the corrected item-total correlation (Henrysson 1963, *Psychometrika* 28). For a test, which is passed or
                not, this is a point-biserial correlation (Lord and Novick 1968, *Statistical Theories of Mental Test Scores*,
                chapter 15).

What a student earned elsewhere is a share: the student's points for all exercises, without the points for the item, divided by the
maximum of these points. All analysed stages in which the student has a graded result are included. An exercise that was handed in
unsolved counts as 0 points.
"""

from collections import defaultdict

import numpy as np

NOT_TRIED = ("unsolved", "missing")  # statuses of an exercise that the student has not worked on
FEWEST = 5  # minimum number of students for a correlation
WEAK = 0.1  # a smaller discrimination is reported as "does not separate"


def difficulty(points, most):
    """Return the mean share, from 0 to 1, of the maximum points. points: list with one number per student; most: the maximum."""
    return float(np.mean(np.asarray(points, float)) / most)


def discrimination(item, rest):
    """Return (correlation of `item` and `rest`, ""), or (None, reason) if there is none, for example with too few students.

    item: points for one item, one number per student; rest: the share of points that each of these students earned elsewhere.
    """
    item, rest = np.asarray(item, float), np.asarray(rest, float)
    if len(item) < FEWEST:
        return None, f"too few students ({len(item)}, {FEWEST} are needed)"
    for values, what in ((item, "here"), (rest, "elsewhere")):
        if np.ptp(values) <= 1e-12 * max(1.0, np.abs(values).max()):
            return None, f"all students earn the same {what}"
    x, y = item - item.mean(), rest - rest.mean()
    return float(np.clip(x @ y / np.sqrt((x @ x) * (y @ y)), -1, 1)), ""


def remark(share, r, students):
    """Return a few words that say why the instructor should look at a test, or "" if nothing is unusual.

    share: the test's difficulty; r: the test's discrimination or None; students: number of students.
    """
    if students < FEWEST:
        return ""
    if share in (0.0, 1.0):
        return "never fails" if share else "never passes"
    return "does not separate strong work from weak" if r is not None and r < WEAK else ""


def analyse(results):
    """Return the item analysis: a list with one dictionary per exercise, in the order of the course.

    results: results of any stages and students. A dictionary has the keys exercise, stage, number, title, students (how many
    have a graded result), tried (how many of them worked on the exercise), difficulty, discrimination (a number or None), why
    (the reason for None, else ""), and tests, a list of dictionaries with the keys name, difficulty, discrimination, why and
    remark.
    """
    graded = sorted((r for r in results if r["status"] == "graded"), key=lambda r: (r["stage"], r["student"]))
    earned, most = defaultdict(float), defaultdict(float)
    for r in graded:
        earned[r["student"]] += sum(e["points"] for e in r["exercises"].values())
        most[r["student"]] += sum(e["max_points"] for e in r["exercises"].values())
    groups = defaultdict(list)
    for r in graded:
        for exercise, e in r["exercises"].items():
            groups[r["stage"], exercise].append((r["student"], e))
    return [_exercise(stage, exercise, done, earned, most) for (stage, exercise), done in groups.items()]


def _exercise(stage, exercise, done, earned, most):
    """Return the analysis of one exercise, a dictionary as in `analyse`.

    done: list of (student, the exercise's entry in the student's result); earned: {student: points for all graded exercises};
    most: {student: the maximum of these points}.
    """
    first = done[0][1]
    found = {"exercise": exercise, "stage": stage, "number": first["number"], "title": first["title"], "students": len(done)}
    found["tried"] = sum(e["status"] not in NOT_TRIED for _, e in done)
    found |= _item([(s, e["points"], e["max_points"]) for s, e in done], earned, most)
    found["tests"] = []
    for i, test in enumerate(first["tests"]):
        own = [(s, e["tests"][i]["points"], e["tests"][i]["max_points"]) for s, e in done if i < len(e["tests"])]
        item = _item(own, earned, most)
        more = {"remark": remark(item["difficulty"], item["discrimination"], len(own))}
        found["tests"].append({"name": test["name"], **item, **more})
    return found


def _item(own, earned, most):
    """Return {"difficulty", "discrimination", "why"} of one item.

    own: list of (student, the student's points for the item, maximum of the item); earned, most: see `_exercise`.
    """
    pairs = [(points, (earned[s] - points) / (most[s] - full)) for s, points, full in own if most[s] > full]
    if own and not pairs:
        r, why = None, "nothing else was graded"
    else:
        r, why = discrimination([p for p, _ in pairs], [rest for _, rest in pairs])
    return {"difficulty": difficulty([p for _, p, _ in own], own[0][2]), "discrimination": r, "why": why}
