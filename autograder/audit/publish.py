"""Runs the whole audit, prints the tables, and writes them to audit/README.md if there are no problems."""

import time

from autograder.audit.blanks import blank_table, free_tests, pattern_table, wrong_points
from autograder.audit.blind import answers_in, audit_blind
from autograder.audit.lazy import lazy_points, lazy_problems, lazy_table
from autograder.audit.poison import poison_table
from autograder.audit.routes import QUICK, ROUTES
from autograder.audit.students import few, graded_stages, handed_in, patterns
from autograder.audit.tiers import audit_tiers
from autograder.audit.wire_frames import fuzz
from autograder.places import HOUSE
from autograder.proof.bank import define

TARGET = HOUSE / "audit" / "README.md"
FRAMES = 100_000  # default number of fuzzed messages
HEAD = """# The audit of the marks

Written by `python -m autograder prove`, never by hand. It fails where a table does not hold.

A **route** is a way from a student's notebook to its points: the check cells of the notebook, `python -m autograder grade`, plain
nbgrader, the zip for Gradescope, and `dpr-course carry`, which takes an exercise over only if it passes its check."""
BLANKS = """## A blank notebook has no points

The points of the untouched notebook by each route."""
PATTERNS = """## Points add up

Each exercise of a stage is either blank or solved; all 2^n notebooks are composed and graded. The table counts those whose points are
exactly the sum over the solved exercises. Each test gives points, so an exercise with 0 points has failed all its tests: alone blank,
it fails all of them. `grade` runs each exercise with the reference's versions of the others. The notebook runs it with the student's
own, so an answer that uses a blank one fails there too, and only such an answer may."""
POISON = """## A poisoned exercise is noticed

The points of an exercise whose answer begins with an error, while the other exercises of its notebook are solved. These others keep
their points, as above."""
LAZY = """## Lazy answers

The most points that an answer without work gets on the published inputs, and in brackets how many such answers were run. `docstring`
is the exercise with its docstring alone, `input` returns one argument or all, `zeros` and `constant` return what the reference returns
with every number 0 or 1, `earlier` puts an exercise of an earlier stage in this one's place, and `package` a public function or class of
the package that takes as many arguments."""
TIERS = """## Every tier gets the same marks

The tiers of `release --tier`. The table counts the notebooks that were graded; each exercise got exactly what it gets in the standard
tier. Every route gets three students: blank, solved, and one who has only deleted the lines that stop the exercises, so that in the
guided tier all places are still open, which earns nothing. The two quick routes also get the patterns and the poisoned students. Each
open place is left open alone as well, with all others right, and costs points."""

BLIND = """## Answers written blind

By authors who knew the student's notebooks, and nothing of the checks, their messages and the bank; with 95 % intervals (Wilson's score
interval). A tutor read every message of a round's first run; these readings stay as they were. After the first round, the checks were
improved by what it had shown. So the first figures of the second round are those to expect of answers that nobody has seen."""


def audit(frames):
    """Run the audit, which takes some minutes. Return the tables as Markdown text, and the problems as a list of sentences.

    `frames` is the number of fuzzed messages that are sent.
    """
    stages, found, problems = graded_stages(), {}, free_tests()
    for route in ROUTES:
        groups = (few, patterns) if route in QUICK else (few,)
        notebooks = {key: raw for students in groups for key, raw in handed_in(students, stages).items()}
        with _timed(route.name, len(notebooks)):
            found[route.name] = route.points(notebooks)
        for students in groups:
            problems += wrong_points(route, found[route.name], students, stages)
    with _timed("lazy answers", 0):
        lazy = lazy_points()
    problems += lazy_problems(lazy)
    with _timed("fuzzed messages", 0):
        ends, wrong = fuzz(frames)
    print(f"audit: of {frames:,} fuzzed messages {', '.join(f'{n:,} were {what}' for what, n in ends.items())}")
    tiers, unlike = audit_tiers(define, _timed)
    with _timed("answers written blind", 0):
        blind, misjudged = audit_blind()
    worse = [sentence for answer, sentence in misjudged if answer.right or answer.verdict != "missed"]
    return report(found, lazy, tiers, blind), problems + wrong + unlike + worse


def report(found, lazy, tiers, blind):
    """Return the text of audit/README.md.

    found: {route name: what the route returned}; lazy: the result of `lazy_points`; tiers, blind: tables, each as (head, rows).
    """
    parts = [HEAD]
    parts += [BLANKS, table(*blank_table(found)), PATTERNS, table(*pattern_table(found))]
    parts += [POISON, table(*poison_table(found)), LAZY, table(*lazy_table(lazy))]
    parts += [TIERS, table(*tiers), BLIND, table(*blind)]
    return "\n\n".join(parts) + "\n"


def table(head, rows):
    """Return a table in Markdown."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(v) for v in line) + " |" for line in lines)


class _timed:
    """A context manager that prints how many seconds its block took. `size` is the number of notebooks, or 0."""

    def __init__(self, name, size):
        self.name, self.size = name, size

    def __enter__(self):
        self.begun = time.monotonic()

    def __exit__(self, *_):
        notebooks = f", {self.size} notebooks" if self.size else ""
        print(f"audit: {self.name}{notebooks}: {time.monotonic() - self.begun:.0f} s")


def run_audit(frames=FRAMES):
    """Run the audit and print its tables. Return the exit status: 1 if there are problems, in which case nothing is written."""
    text, problems = audit(frames)
    print(text.partition("\n\n")[2])
    if _failed(problems):
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


def run_tiers():
    """Prove the tiers alone, print their table, and write nothing. Return the exit status: 1 if something does not hold."""
    tiers, problems = audit_tiers(define, _timed)
    print(f"{TIERS}\n\n{table(*tiers)}\n")
    return _failed(problems)


def run_blind(folder=None, out=None):
    """Run the recorded rounds of blind answers, or the answers in `folder`, and print the table. Return the exit status.

    out: folder to write the answers to, with what each student reads. Raises BlindError.
    """
    blind, misjudged = audit_blind(answers_in(folder) if folder else None, out)
    print(table(*blind))
    return _failed([sentence for _, sentence in misjudged])


def _failed(problems):
    if problems:
        print(f"{len(problems)} problems\n" + "\n".join(f"- {p}" for p in problems))
    return 1 if problems else 0
