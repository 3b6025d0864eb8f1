"""Item analysis of a class: how difficult each exercise and each test is, and whether it separates strong work from weak.

difficulty      mean share of the points, 0 to 1; high is easy. (Crocker and Algina 1986, *Introduction to Classical and Modern Test
                Theory*, chapter 14.)
discrimination  correlation of the item's points with what the same students earned everywhere else, without the item itself: the
                corrected item-total correlation (Henrysson 1963, *Psychometrika* 28); for a test, which is passed or not, it is the
                point-biserial one (Lord and Novick 1968, *Statistical Theories of Mental Test Scores*, chapter 15).

What a student earned elsewhere is a share, the points of the other items divided by their maximum, over all stages that are
analysed and in which the student has a graded result. An exercise that was handed in unsolved counts with 0 points.
"""

from collections import defaultdict

import numpy as np

NOT_TRIED = ("unsolved", "missing")  # statuses of an exercise that the student has left alone
FEWEST = 5  # least number of students for a correlation
WEAK = 0.1  # a smaller discrimination is reported as "does not separate"


def difficulty(points, most):
    """Return the mean share of the points, a float from 0 to 1. points: (n,), n > 0; most: the item's maximum."""
    return float(np.mean(np.asarray(points, float)) / most)


def discrimination(item, rest):
    """Return the correlation of two lists of n numbers as (r, ""), or (None, why there is none).

    item: points of one item; rest: what the same students earned elsewhere, without it.
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
    """Return why an instructor should look at a test, or "". share: its difficulty; r: its discrimination or None."""
    if students < FEWEST:
        return ""
    if share in (0.0, 1.0):
        return "never fails" if share else "never passes"
    return "does not separate strong work from weak" if r is not None and r < WEAK else ""


def analyse(results):
    """Return the analysis of each exercise, a list of dictionaries in the order of the course. results: of any stages and students.

    Each has exercise, stage, number, title, students (how many have a graded result), tried (how many of them solved anything or
    tried to), difficulty, discrimination (or None), why (why it is None), and tests: name, difficulty, discrimination, why, remark.
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
    """Return the analysis of one exercise.

    done: list of (student, the entry of the exercise); earned, most: points and their maximum over everything, by student.
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
    """Return difficulty and discrimination of one item. own: list of (student, points, maximum); earned, most: see `_exercise`."""
    pairs = [(points, (earned[s] - points) / (most[s] - full)) for s, points, full in own if most[s] > full]
    if own and not pairs:
        r, why = None, "nothing else was graded"
    else:
        r, why = discrimination([p for p, _ in pairs], [rest for _, rest in pairs])
    return {"difficulty": difficulty([p for _, p, _ in own], own[0][2]), "discrimination": r, "why": why}
