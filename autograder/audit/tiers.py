"""Tests the tiers of a release, which give more or less help: the same solved exercises must get the same points in every tier.

Every route grades three students of each tier: one has solved nothing, one has solved everything, and one has only deleted the
lines that raise NotImplementedError, so that in the guided tier all gaps are still open. The quick routes (see `routes.QUICK`) also
grade all 2^n choices of blank exercises, and notebooks with an error in one exercise (poisoned). The standard tier is graded
elsewhere in the audit. A slow route skips a notebook whose code is the same as that of a notebook that it grades there.
"""

import ast
import json

from autograder.audit.blanks import wrong_points
from autograder.audit.routes import QUICK, ROUTES
from autograder.audit.students import few, graded_stages, handed_in, patterns, whole
from autograder.stages.scaffolds import filled, open_parts
from autograder.stages.source import marked_up_source
from autograder.stages.tiers import TIERS, blank_cell
from dpr_course.checks import CHECKS, verdict


def tier_points(tier, route, stages=None):
    """Grade the made-up students of a tier by a Route. Return (number of notebooks, list of sentences that describe problems)."""
    stages, problems = stages or graded_stages(), []
    groups = (whole, few, patterns) if route in QUICK else (whole,)
    notebooks = {key: raw for students in groups for key, raw in handed_in(students, stages, tier).items()}
    graded = set() if route in QUICK else {code_of(raw) for raw in handed_in(few, stages).values()}
    notebooks = {key: raw for key, raw in notebooks.items() if code_of(raw) not in graded}
    found = route.points(notebooks)
    for students in groups:
        problems += [f"tier {tier}, {p}" for p in wrong_points(route, found, students, stages, notebooks)]
    return len(notebooks), list(dict.fromkeys(problems))


def needless_places(exercise, define):
    """Return a list of sentences, one for each gap in a guided exercise that costs no points if only this gap is left open.

    define: function that runs code in place of an exercise and returns its objects, as `autograder.proof.bank.define` does.
    """
    check, source, found = CHECKS[exercise], marked_up_source(exercise), []
    for number, part in enumerate(open_parts(source)):
        if verdict(exercise, *define(exercise, filled(source, but=number), check.names).values()).passed:
            found.append(f"tier guided, {check.number}: the open place {part!r} is not needed")
    return found


def same_cells():
    """Return a sentence for each exercise whose guided cell equals the standard cell, or whose signatures differ between tiers."""
    found = []
    for exercise, check in CHECKS.items():
        cells = {tier: blank_cell(exercise, tier) for tier in TIERS}
        if cells["guided"] == cells["standard"]:
            found.append(f"tier guided, {check.number}: its cell is the standard one")
        if len({tuple(_signatures(cell)) for cell in cells.values()}) > 1:
            found.append(f"{check.number}: the signatures differ between the tiers")
    return found


def _signatures(cell):
    """Return (name, arguments, docstring) of each class, function and method in a cell, except functions inside functions."""
    found, left = [], list(ast.parse(cell).body)
    while left:
        node = left.pop(0)
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            arguments = ast.unparse(node.args) if isinstance(node, ast.FunctionDef) else ""
            found.append((node.name, arguments, ast.get_docstring(node)))
            left = (node.body if isinstance(node, ast.ClassDef) else []) + left
    return found


def code_of(raw):
    """Return sources and metadata of a notebook's code cells as text. The points that a route gives depend on nothing else."""
    return json.dumps([(c["source"], c["metadata"]) for c in json.loads(raw)["cells"] if c["cell_type"] == "code"])


def needless_problems(define):
    """Return the sentences of `same_cells`, and those of `needless_places` for all exercises, in one list."""
    return same_cells() + [problem for exercise in CHECKS for problem in needless_places(exercise, define)]


def tier_jobs():
    """Return the jobs for `jobs.side_by_side`: {(tier, name of a route): (function, *arguments)}, without the standard tier."""
    return {(tier, route.name): (tier_points, tier, route) for tier in TIERS if tier != "standard" for route in ROUTES}


def tier_table(done):
    """Return (headings, rows) of a table of the notebooks that were graded, and a list of sentences that describe problems.

    done: {(tier, name of a route): the pair that `tier_points` returned}
    """
    problems, rows = [], []
    for tier in (t for t in TIERS if t != "standard"):
        row = [tier, sum(len(open_parts(marked_up_source(e))) for e in CHECKS) if tier == "guided" else "none"]
        for route in ROUTES:
            count, wrong = done[tier, route.name]
            problems += wrong
            row.append(f"{count} notebooks" if not wrong else f"{len(wrong)} problems")
        rows.append(row)
    return (["tier", "open places", *(r.name for r in ROUTES)], rows), problems
