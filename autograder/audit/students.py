"""Made-up students for the audit. Each exercise of such a student is in one of four states: blank, solved, poisoned or begun.

A blank exercise is untouched. A solved one is the reference's answer, in the guided tier with the comments that explain it. A
poisoned one is the reference's answer with a line that raises an error at the beginning of what the student has to write. In
one that is begun, only the line that raises NotImplementedError was deleted, so in the guided tier every place is still open.
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
    """Return the source of an exercise's cell in this state, None for a blank one."""
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
    """Return the bytes of a student's notebook. states: {exercise: state}; tier: which release the student was given.

    Of the other code cells, it holds only those that an exercise or its check needs. The rest train and draw, which takes
    minutes.
    """
    answers = {e: answer(e, state, tier) for e, state in states.items() if state != BLANK}
    return make_notebook(stage, answers, keep=lambda source: mark_of(source)[0] or source.strip() in _kept(stage), tier=tier)


@functools.cache
def _kept(stage):
    """Return the sources of the needed cells: those that first define a name that an exercise, a check or a needed cell uses."""
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
    """Return {student: states} with one student for each set of blank exercises of a stage, 2^n students for n exercises."""
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

    A stage with a single exercise also gets a student who has solved it. In other stages, the students of `poisoned` solve
    all exercises but one.
    """
    exercises = exercises_of(stage)
    solved = {SOLVED: dict.fromkeys(exercises, SOLVED)} if len(exercises) == 1 else {}
    return {BLANK: dict.fromkeys(exercises, BLANK)} | solved | poisoned(stage)


def handed_in(students, stages, tier="standard"):
    """Return the notebooks of the students that `students(stage)` gives, {(student, stage): bytes}. tier: see `notebook`."""
    return {(name, stage): notebook(stage, states, tier) for stage in stages for name, states in students(stage).items()}


def whole(stage):
    """Return three students whose exercises are all in one state, as {student: states}: blank, solved, and begun."""
    return {state: dict.fromkeys(exercises_of(stage), state) for state in (BLANK, SOLVED, BEGUN)}


@functools.cache
def leans_on(exercise):
    """Return the other exercises of the same stage whose names the reference's answer to `exercise` uses."""
    used = globals_of(exercise_source(exercise))
    return {e for e in exercises_of(stage_of(exercise)) if e != exercise and used & set(CHECKS[e].names)}


def allowed(exercise, states, alone):
    """Return the lowest and the highest points that an exercise may get.

    states  {exercise: state} of all exercises of the stage
    alone   whether the exercise runs with the reference's versions of the others, see Route

    A solved exercise gets all its points, and any other one gets 0. If it runs with the student's own versions of the others, a
    solved exercise may get fewer points if its answer uses one that is not solved.
    """
    full = float(CHECKS[exercise].points)
    if states[exercise] != SOLVED:
        return 0.0, 0.0
    broken = not alone and any(states[e] != SOLVED for e in leans_on(exercise))
    return (0.0 if broken else full), full
