"""The bank: known wrong and alternative right solutions of every exercise.

    autograder/bank/<exercise>/wrong_<name>.py    one plausible mistake
    autograder/bank/<exercise>/right_<name>.py    correct, but written differently

A file holds the definitions that replace the reference's; everything else (imports, earlier stages) is
there already. A wrong one begins with two comment lines:

    # mistake: the scores are transposed, so each passage chooses among the questions.
    # caught by: loss
"""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.stages import load_reference

BANK = Path(__file__).parent / "bank"


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
        return define(self.code, names, f"bank/{self.exercise}/{self.name}.py")


_reference = functools.cache(load_reference)


def define(code, names, filename="answer"):
    """The objects called `names`, as `code` defines them in the place of the reference's."""
    namespace = dict(_reference())
    exec(compile(code, filename, "exec"), namespace)
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
