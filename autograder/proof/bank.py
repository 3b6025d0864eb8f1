"""The bank: known wrong and alternative right solutions of every exercise.

    autograder/bank/<exercise>/wrong_<name>.py    one plausible mistake
    autograder/bank/<exercise>/right_<name>.py    correct, but written differently

A file holds the definitions that replace the reference's; it finds what a student's cell finds: the imports and
definitions of its stage's notebook, and `previous`. A wrong one begins with two comment lines:

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
from dpr_course.runtime import quiet


@dataclass(frozen=True)
class Entry:
    exercise: str
    name: str
    right: bool
    code: str
    message: str = ""  # completes "This is what you get if ..."
    caught_by: str = ""  # name of the test that must fail

    def objects(self, names):
        """The student's objects as this entry defines them, by name."""
        return define(self.exercise, self.code, names, f"bank/{self.exercise}/{self.name}.py")


@functools.cache
def _notebook(exercise):
    """What a student's cell of this exercise finds: the names of its notebook, and `previous` as a module."""
    quiet()
    namespace = namespace_of(context(exercise))
    return namespace, sys.modules.get("previous")


def define(exercise, code, names, filename="answer"):
    """The objects called `names`, as `code` defines them in the place of the reference's, in a notebook of that stage."""
    namespace, previous = _notebook(exercise)
    namespace, before = dict(namespace), sys.modules.get("previous")
    sys.modules["previous"] = previous
    try:
        exec(compile(code, filename, "exec"), namespace)
    finally:
        sys.modules["previous"] = before
    return {n: namespace[n] for n in names}


def entries(exercise, bank=BANK):
    """All entries of an exercise, wrong ones first, by name. Raises ValueError for one without its header."""
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
