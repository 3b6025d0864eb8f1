"""Runs the whole audit and prints its tables. If there are no problems, writes the tables to audit/README.md."""

import tempfile
import time
from pathlib import Path

from autograder.audit.blanks import blank_table, free_tests, pattern_table, wrong_points
from autograder.audit.blind import answers_in, audit_blind
from autograder.audit.families import begin, family_problems, family_table, finish
from autograder.audit.jobs import side_by_side
from autograder.audit.lazy import lazy_points, lazy_problems, lazy_table
from autograder.audit.poison import poison_table
from autograder.audit.routes import QUICK, ROUTES
from autograder.audit.students import few, graded_stages, handed_in, patterns
from autograder.audit.tiers import needless_problems, tier_jobs, tier_table
from autograder.audit.wire_frames import fuzz
from autograder.places import HOUSE
from autograder.proof.bank import define

TARGET = HOUSE / "audit" / "README.md"
FRAMES = 100_000  # default number of fuzzed messages
HEAD = """# The audit of the marks

Written by `python -m autograder prove`, never by hand. The command fails if a table shows a problem.

A **route** is a way from a student's notebook to its points: the check cells of the notebook, `python -m autograder grade`, plain
nbgrader, the zip for Gradescope, and `dpr-course carry`, which takes an exercise over only if it passes its check."""
BLANKS = """## A blank notebook has no points

The points that the untouched notebook gets by each route."""
PATTERNS = """## Points add up

Each exercise of a stage is either blank or solved; all 2^n notebooks are composed and graded. The table counts those whose points are
exactly the sum over the solved exercises. Each test gives points, so an exercise with 0 points has failed all its tests, also
if it alone is blank. `grade` runs each exercise with the reference's versions of the others. The notebook runs it with the student's
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
guided tier all places are still open, which earns nothing. The two quick routes also get the patterns and the poisoned students; the
other routes skip a notebook if they have graded one of the standard tier with the same code. Each open place is left open
alone as well, with all others right, and costs points."""
FAMILIES = """## Attacks on the grader

The attacks of `tests/attacks` by family, all of them run: the table counts those that were stopped, and the canaries that are alive. In a
canary one defence is switched off and the attack must succeed, which shows that the test can see an attack. What each family tries,
and what remains, is in [the guide](../README.md#threats)."""

BLIND = """## Answers written blind

Their authors knew the student's notebooks, and nothing of the checks, their messages and the bank. Shares have 95 % intervals
(Wilson's score interval). Tutors read every message of a round's first run; these readings stay as they were. After each round,
the checks were improved by what it had shown. So the first figures of the last round are the ones to expect for answers that nobody
has seen."""


def audit(frames):
    """Run the audit, which takes some minutes. Return the tables as Markdown text, and the problems as a list of sentences.

    `frames` is the number of fuzzed messages: messages with random errors, on which the code that reads messages is tested.
    """
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        attacks = Path(folder, "report.xml")
        running = begin(attacks)  # the tests spend more time waiting for time limits than computing
        try:
            found, lazy, tiers, problems = routes()
            with _timed("fuzzed messages"):
                ends, wrong = fuzz(frames)
            print(f"audit: of {frames:,} fuzzed messages {', '.join(f'{n:,} were {what}' for what, n in ends.items())}")
            with _timed("answers written blind"):
                blind, misjudged = audit_blind()
            families, seconds, skipped = finish(running, attacks)
        finally:
            running.kill()
    print(f"audit: attacks by family, beside the others: {seconds:.0f} s")
    print("".join(f"audit: some attacks were not run: {reason}\n" for reason in sorted(skipped)), end="")
    worse = [sentence for answer, sentence in misjudged if answer.right or answer.verdict != "missed"]
    text = report(found, lazy, tiers, blind, family_table(families))
    return text, problems + wrong + worse + family_problems(families, skipped)


def routes():
    """Grade the made-up students of all tiers by every route, and the lazy answers, in parallel.

    Returns (found, lazy, tiers, problems): the first three are arguments of `report`, the last is a list of sentences.
    """
    jobs = {("lazy answers", ""): (lazy_points,)} | {("standard", r.name): (standard_points, r) for r in ROUTES} | tier_jobs()
    jobs |= {("open places", ""): (needless_problems, define)}
    slow_first = dict(sorted(jobs.items(), key=lambda job: job[0][1] in {r.name for r in QUICK}))  # then no core waits at the end
    done = side_by_side(slow_first)
    found, problems = {}, free_tests()
    for route in ROUTES:
        found[route.name], wrong = done["standard", route.name]
        problems += wrong
    tiers, unlike = tier_table(done)
    lazy = done["lazy answers", ""]
    return found, lazy, tiers, problems + lazy_problems(lazy) + unlike + done["open places", ""]


def standard_points(route):
    """Grade the made-up students of the standard tier by a Route. Return the route's points, and a list of problems (sentences)."""
    stages, groups = graded_stages(), (few, patterns) if route in QUICK else (few,)
    notebooks = {key: raw for students in groups for key, raw in handed_in(students, stages).items()}
    found = route.points(notebooks)
    return found, [p for students in groups for p in wrong_points(route, found, students, stages)]


def report(found, lazy, tiers, blind, families):
    """Return the text of audit/README.md.

    found: {name of a route: the points that it gave}; lazy: the result of `lazy_points`; tiers, blind, families: three tables,
    each as (headings, rows).
    """
    parts = [HEAD]
    parts += [BLANKS, table(*blank_table(found)), PATTERNS, table(*pattern_table(found))]
    parts += [POISON, table(*poison_table(found)), LAZY, table(*lazy_table(lazy))]
    parts += [TIERS, table(*tiers), BLIND, table(*blind), FAMILIES, table(*families)]
    return "\n\n".join(parts) + "\n"


def table(head, rows):
    """Return a table in Markdown. head: list of headings; rows: list of lists of cells."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(v) for v in line) + " |" for line in lines)


class _timed:
    """A context manager that prints how many seconds its block took."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.begun = time.monotonic()

    def __exit__(self, *_):
        print(f"audit: {self.name}: {time.monotonic() - self.begun:.0f} s", flush=True)


def run_audit(frames=FRAMES):
    """Run the audit and print its tables. Return the exit status: 1 if there are problems, in which case nothing is written."""
    text, problems = audit(frames)
    print(text.partition("\n\n")[2])
    if _failed(problems):
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


def run_tiers():
    """Run only the tests of the tiers and print their table. Write nothing. Return the exit status: 1 if there are problems."""
    done = side_by_side(tier_jobs() | {("open places", ""): (needless_problems, define)})
    tiers, problems = tier_table(done)
    print(f"{TIERS}\n\n{table(*tiers)}\n")
    return _failed(problems + done["open places", ""])


def run_blind(folder=None, out=None):
    """Run the recorded rounds of blind answers, or the answers in `folder`, and print their table. Return the exit status.

    The status is 1 if an answer is misjudged. out: folder to which the answers are written, each with the text that its student
    reads, or None. Raises BlindError if a file cannot be read.
    """
    blind, misjudged = audit_blind(answers_in(folder) if folder else None, out)
    print(table(*blind))
    return _failed([sentence for _, sentence in misjudged])


def _failed(problems):
    if problems:
        print(f"{len(problems)} problems\n" + "\n".join(f"- {p}" for p in problems))
    return 1 if problems else 0
