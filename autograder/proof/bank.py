"""Reads the bank of known answers: wrong solutions and alternative right solutions of every exercise.

    autograder/bank/<exercise>/wrong_<name>.py    one plausible mistake
    autograder/bank/<exercise>/right_<name>.py    correct, but written differently

A file holds definitions that take the place of the reference solution's. Its code can use the same names as a student's cell: the
imports and definitions in the stage's notebook above the exercise, and the module `previous`. A wrong solution begins with two
comment lines, which give the mistake and the test that must fail:

    # mistake: the scores are transposed, so each passage chooses among the questions.
    # caught by: loss
"""

import functools
import re
import sys
from dataclasses import dataclass

from autograder.places import BANK
from autograder.sandbox.cell_names import namespace_of
from autograder.stages.contexts import context
from dpr_course.quiet import quiet


@dataclass(frozen=True)
class Entry:
    """One known solution of an exercise, right or wrong."""

    exercise: str
    name: str
    right: bool
    code: str
    message: str = ""  # completes the sentence "This is what you get if ..."
    caught_by: str = ""  # name of the test that must fail

    def objects(self, names):
        """Run the code of this entry. Return {name: object} for the objects in `names`, which the code defines."""
        return define(self.exercise, self.code, names, f"bank/{self.exercise}/{self.name}.py")


@functools.cache
def _notebook(exercise):
    """Return (namespace, previous): what the code in a student's cell of this exercise can use.

    namespace  dict of the names that the notebook defines above the exercise
    previous   the module `previous`, or None if the stage has none
    """
    quiet()
    namespace = namespace_of(context(exercise))
    return namespace, sys.modules.get("previous")


def define(exercise, code, names, filename="answer"):
    """Run `code` as the answer to an exercise, with everything that the code in a student's cell can use.

    Return {name: object} for the objects in `names`, which the code must define. Raises whatever the code raises, and KeyError
    if a name is not defined. `filename` is shown in tracebacks.
    """
    namespace, previous = _notebook(exercise)
    namespace, before = dict(namespace), sys.modules.get("previous")
    sys.modules["previous"] = previous
    try:
        exec(compile(code, filename, "exec"), namespace)
    finally:
        sys.modules["previous"] = before
    return {n: namespace[n] for n in names}


def entries(exercise, bank=BANK):
    """Return all known solutions of an exercise as a list of Entry, wrong ones first.

    Raises ValueError if a file of the exercise lacks a valid name or header.
    """
    found = []
    for path in sorted((bank / exercise).glob("*.py"), reverse=True):
        code = path.read_text(encoding="utf-8")
        kind, _, name = path.stem.partition("_")
        if kind == "right":
            found.append(Entry(exercise, name, True, code))
            continue
        header = re.match(r"# mistake: (.+)\n# caught by: (.+)\n", code)
        if kind != "wrong" or not header:
            raise ValueError(f"{path}: must be right_*.py, or wrong_*.py that begins with '# mistake:' and '# caught by:'")
        found.append(Entry(exercise, name, False, code, header[1].strip(), header[2].strip()))
    return found
