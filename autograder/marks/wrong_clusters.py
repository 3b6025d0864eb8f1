"""Groups students whose wrong answers to an exercise gave the same values in the check, whatever their code looks like.

The mistake of a group may already be in the bank of known answers (autograder/bank). If it is not, the instructor can use the
command `bank add` to add an answer of the group to the bank, with a sentence that names the mistake. For each group, the code of
one student is shown, without comments and without a name.
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
    """Raised if there is no such group, or if no code of the group's students is recorded. The message says what to do."""


def fingerprint(exercise, observed):
    """Return 8 hexadecimal digits that identify `observed`, the values that a wrong answer gave in the check.

    A group of wrong answers can be named by the digits of any of its answers.
    """
    return digest(exercise, observed)[:8]


def groups(results, exercise):
    """Return (list of the groups of wrong answers to an exercise, number of other wrong answers). The largest group is first.

    results: the results of the exercise's stage. A group is a list of (student, stage, the exercise's entry in the student's
    result). Two answers are in the same group if their values are equal except for rounding, or if other answers connect them in
    a chain of equal pairs. The groups therefore do not depend on the order of the students. The other wrong answers are answers
    that fail on published inputs but have no recorded values.
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
    """Return whether an answer fails on hidden inputs only. `entry` is the exercise's entry in a result."""
    return all(t["passed"] or t["hidden_only"] for t in entry["tests"])


def _distinct(group):
    """Return a list with one member of a group for each distinct set of values. Other members have the values of one of these."""
    return list({json.dumps(m[2]["observed"], sort_keys=True): m for m in group}.values())


def clusters(results, exercise, cell_of=None):
    """Return what `groups` returns, with a dictionary in place of each group.

    A dictionary has the keys id, students (their number), tests (names of the failed tests), mistakes (the sentences on known
    mistakes that the group's students read), observed (the values), code (one student's answer, or None) and why (the reason for
    None). cell_of: function that takes (student, stage) and returns the recorded notebook or None; without it, code is None.
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
    """Return a function that takes (student, stage) and returns the notebook recorded in autograder/term/autograded, or None."""
    course = course_directory(root)
    return lambda student, stage: read_autograded(course, student, stage)


def anonymous_cell(notebook, stage, exercise):
    """Return the code of the answer to an exercise in a student's notebook, without the student's comments and docstrings.

    Return None if `notebook` is None or lacks the exercise, or if the exercise's cell is not valid Python.
    """
    for cell in notebook.cells if notebook else ():
        if mark_of(cell.source) == ("exercise", exercise):
            tree = parse(cell.source)
            return None if tree is None else ast.unparse(_without_docstrings(tree, read_release(stage).docstrings[exercise]))
    return None


def _without_docstrings(tree, given):
    """Return a copy of a syntax tree without statements that consist of a constant, such as docstrings.

    Docstrings of functions and classes that are in the set `given`, the docstrings of the released notebook, are kept.
    """
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
    """Return the code of one student in the group that `wanted` names, without comments.

    wanted: an id of the group (see `fingerprint`), or the beginning of an id; cell_of: see `clusters`. Raises ClusterError if there
    is no such group or if no code of the group is recorded.
    """
    for group in groups(results, exercise)[0]:
        if any(fingerprint(exercise, e["observed"]).startswith(wanted) for _, _, e in group):
            described = _described(exercise, group, cell_of)
            if described["code"] is None:
                raise ClusterError(f"group {wanted} of {CHECKS[exercise].number}: {described['why']}: give --cell FILE instead")
            return described["code"]
    raise ClusterError(f"{CHECKS[exercise].number} has no group {wanted!r}: `python -m autograder report` lists them")
