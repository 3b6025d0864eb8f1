"""Makes up students for the audit. Each exercise in a student's notebook is in one of four states:

blank     as released
solved    the reference's answer; in the guided tier, with the comments that explain its steps
poisoned  the reference's answer, but the part that students write begins with a line that raises an error
begun     as released, but without the line that raises NotImplementedError; in the guided tier (the tier with most help), the
          gaps in the answer, which students must fill, are all still open
"""

import ast
import functools
import itertools
import re

from autograder.bench.classroom import make_notebook
from autograder.repair.statements import globals_of
from autograder.repair.syntax import touched_by
from autograder.stages.contexts import exercises_of, stage_of
from autograder.stages.scaffolds import begun
from autograder.stages.source import exercise_source, marked_up_source, read_stage, stage_names, without_markers
from autograder.stages.tiers import blank_cell, code_stub, solved_cell
from dpr_course.checks import CHECKS
from dpr_course.stages import mark_of

BLANK, SOLVED, POISONED, BEGUN = "blank", "solved", "poisoned", "begun"
POISON = 'raise RuntimeError("poison")'


def graded_stages():
    """Return the names of the stages that have exercises, in order."""
    return [stage for stage in stage_names() if exercises_of(stage)]


def answer(exercise, state, tier="standard"):
    """Return the source of an exercise's cell in the state `state`, or None if the state is "blank"."""
    if state == BLANK:
        return None
    if state == SOLVED:
        return solved_cell(exercise, tier)
    if state == BEGUN:
        stub = r"\s+".join(map(re.escape, code_stub().split("\n")))
        return begun(marked_up_source(exercise)) if tier == "guided" else re.sub(stub, "pass", blank_cell(exercise, tier))
    source = re.sub(r"^([ \t]*)### BEGIN SOLUTION$", rf"\g<0>\n\1{POISON}", exercise_source(exercise), flags=re.MULTILINE)
    return without_markers(source)


def notebook(stage, states, tier="standard"):
    """Return the bytes of a student's notebook. states: {exercise: state}; tier: how much help the student's notebook gives.

    Besides exercises and checks, the notebook holds only the code cells that an exercise or a check needs. The other code cells,
    which train and draw, would take minutes.
    """
    answers = {e: answer(e, state, tier) for e, state in states.items() if state != BLANK}
    return make_notebook(stage, answers, keep=lambda source: mark_of(source)[0] or source.strip() in _kept(stage), tier=tier)


@functools.cache
def _kept(stage):
    """Return the set of the sources of the needed cells of a stage.

    A cell is needed if it is the first that defines a name which an exercise, a check or another needed cell uses.
    """
    makers, kept = {}, set()
    for cell in read_stage(stage).cells:
        if cell.kind == "code" and not {"exercise", "slow"} & cell.metadata.keys():
            source = without_markers(cell.source)
            for name in set().union(*map(touched_by, ast.parse(source).body)):
                makers.setdefault(name, source)
    names = [n for c in read_stage(stage).cells if {"exercise", "check"} & c.metadata.keys() for n in globals_of(c.source)]
    while names:
        source = makers.get(names.pop())
        if source and source not in kept:
            kept.add(source)
            names += globals_of(source)
    return kept


def patterns(stage):
    """Return {student: states} with one student for each choice of blank and solved exercises: 2^n students for n exercises."""
    exercises = exercises_of(stage)
    found = {}
    for states in itertools.product((BLANK, SOLVED), repeat=len(exercises)):
        name = "".join("1" if state == SOLVED else "0" for state in states)
        found[f"pattern{name}"] = dict(zip(exercises, states))
    return found


def poisoned(stage):
    """Return {student: states} with one student per exercise of a stage: this exercise is poisoned, the others are solved."""
    exercises = exercises_of(stage)
    return {f"poison{i}": dict.fromkeys(exercises, SOLVED) | {e: POISONED} for i, e in enumerate(exercises, 1)}


def few(stage):
    """Return {student: states} with the students that every route grades: one with a blank notebook, and those of `poisoned`.

    For a stage with a single exercise there is also a student who has solved it. In other stages, each exercise is solved by some
    of the students of `poisoned`.
    """
    exercises = exercises_of(stage)
    solved = {SOLVED: dict.fromkeys(exercises, SOLVED)} if len(exercises) == 1 else {}
    return {BLANK: dict.fromkeys(exercises, BLANK)} | solved | poisoned(stage)


def handed_in(students, stages, tier="standard"):
    """Return the notebooks of made-up students in some stages as {(student, stage): bytes}.

    students: function that takes a stage and returns {student: states}, such as `few`; tier: see `notebook`.
    """
    return {(name, stage): notebook(stage, states, tier) for stage in stages for name, states in students(stage).items()}


def whole(stage):
    """Return {student: states} with three students, each with all exercises in the same state: blank, solved or begun."""
    return {state: dict.fromkeys(exercises_of(stage), state) for state in (BLANK, SOLVED, BEGUN)}


@functools.cache
def leans_on(exercise):
    """Return the set of other exercises of the same stage that define names which the reference's answer to `exercise` uses."""
    used = globals_of(exercise_source(exercise))
    return {e for e in exercises_of(stage_of(exercise)) if e != exercise and used & set(CHECKS[e].names)}


def allowed(exercise, states, alone):
    """Return the lowest and the highest points that an exercise may get.

    states  {exercise: state} of all exercises of the stage
    alone   whether the exercise runs with the reference's answers to the other exercises, see Route

    A solved exercise gets all its points, and any other exercise gets 0. There is one exception: if `alone` is false and the answer
    uses another exercise that is not solved, a solved exercise may get fewer points.
    """
    full = float(CHECKS[exercise].points)
    if states[exercise] != SOLVED:
        return 0.0, 0.0
    broken = not alone and any(states[e] != SOLVED for e in leans_on(exercise))
    return (0.0 if broken else full), full
