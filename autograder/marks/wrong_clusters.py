"""Groups of students whose wrong answers gave the same values, by what the check observed and not by their code.

The mistake of a group may be in the bank already. If it is not, `bank add` puts it there with a sentence that names it.
One cell of the group is shown, without comments and without a name.
"""

import ast
import json

from autograder.grade.hashes import digest
from autograder.grade.observed import alike
from autograder.marks.gradebook import course_directory, read_autograded
from autograder.marks.item_analysis import NOT_TRIED
from autograder.repair.release import read_release
from autograder.repair.syntax import parse
from dpr_course.checks import CHECKS
from dpr_course.stages import mark_of


class ClusterError(LookupError):
    """Raised if there is no such group. The message says where to find one."""


def fingerprint(exercise, observed):
    """Return 8 hexadecimal digits that identify the values of an answer. Those of any member identify its group."""
    return digest(exercise, observed)[:8]


def groups(results, exercise):
    """Return the groups of an exercise, the largest first, and how many wrong answers have no values recorded.

    results: of its stage. A group is a list of (student, stage, entry of the exercise); two answers are in one group if their
    values are alike, or if a third one lies between them, so that the order of the students makes no difference.
    """
    wrong = [(r["student"], r["stage"], r["exercises"][exercise]) for r in results if exercise in r.get("exercises", {})]
    wrong = [w for w in wrong if w[2]["points"] < w[2]["max_points"] and w[2]["status"] not in NOT_TRIED]
    kept = sorted((w for w in wrong if w[2].get("observed")), key=lambda w: (json.dumps(w[2]["observed"], sort_keys=True), w[0]))
    silent = sum("observed" not in e and e["status"] == "graded" and not _right_in_sight(e) for _, _, e in wrong)
    found = []
    for member in kept:
        near = [g for g in found if any(alike(member[2]["observed"], other[2]["observed"]) for other in _distinct(g))]
        found = [g for g in found if g not in near] + [[*sum(near, []), member]]
    return sorted(found, key=lambda g: (-len(g), fingerprint(exercise, g[0][2]["observed"]))), silent


def _right_in_sight(entry):
    """Return whether an answer fails on hidden inputs only: on the published ones, nothing wrong is observed."""
    return all(t["passed"] or t["hidden_only"] for t in entry["tests"])


def _distinct(group):
    """Return one member for each different text of the values: equal ones need no comparison."""
    return list({json.dumps(m[2]["observed"], sort_keys=True): m for m in group}.values())


def clusters(results, exercise, cell_of=None):
    """Return (list of the groups as dictionaries, number of wrong answers without recorded values).

    A group has id, students (their number), tests (the names of those that failed), mistakes (sentences of the bank that its
    students read), observed, and code: a member's cell, or None with `why`. cell_of: (student, stage) -> the recorded notebook or None.
    """
    found, silent = groups(results, exercise)
    return [_described(exercise, group, cell_of) for group in found], silent


def _described(exercise, group, cell_of):
    first = group[0][2]
    told = sorted({t["message"] for _, _, e in group for t in e["tests"] if t["mistake"]})
    codes = sorted(
        {c for student, stage, _ in group if (c := anonymous_cell(cell_of(student, stage), stage, exercise))} if cell_of else (),
        key=lambda c: (len(c), c),
    )
    return {
        "id": fingerprint(exercise, first["observed"]), "students": len(group), "mistakes": told,
        "tests": [t["name"] for t in first["tests"] if not t["passed"]], "observed": first["observed"],
        "code": codes[0] if codes else None, "why": "" if codes else "no notebook of these students is recorded in autograder/term",
    }  # fmt: skip


def recorded_cells(root=None):
    """Return a function (student, stage) -> the notebook in autograder/term/autograded, or None."""
    course = course_directory(root)
    return lambda student, stage: read_autograded(course, student, stage)


def anonymous_cell(notebook, stage, exercise):
    """Return the code of an exercise in a notebook without comments and without docstrings of the student's own, or None."""
    for cell in notebook.cells if notebook else ():
        if mark_of(cell.source) == ("exercise", exercise):
            tree = parse(cell.source)
            return None if tree is None else ast.unparse(_without_docstrings(tree, read_release(stage).docstrings[exercise]))
    return None


def _without_docstrings(tree, given):
    """Return a copy of the tree without statements that are only a text, except the release's own docstrings."""
    tree = ast.parse(ast.unparse(tree))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and any(map(_is_text, body)):
            own = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) in given
            node.body = [n for i, n in enumerate(body) if not _is_text(n) or (own and i == 0)] or [ast.Pass()]
    return tree


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def cluster_code(results, exercise, wanted, cell_of):
    """Return the anonymous code of the group that `wanted`, an id, names. Raises ClusterError."""
    for group in groups(results, exercise)[0]:
        if any(fingerprint(exercise, e["observed"]).startswith(wanted) for _, _, e in group):
            described = _described(exercise, group, cell_of)
            if described["code"] is None:
                raise ClusterError(f"group {wanted} of {CHECKS[exercise].number}: {described['why']}: give --cell FILE instead")
            return described["code"]
    raise ClusterError(f"{CHECKS[exercise].number} has no group {wanted!r}: `python -m autograder report` lists them")
