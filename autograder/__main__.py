"""The instructor's command line: `python -m autograder COMMAND`."""

import argparse
import sys

from autograder import commands
from autograder.bench.options import add_bench, add_scale
from autograder.places import move_in
from autograder.plain import plain

TERM_COMMANDS = (
    "grade",
    "replay",
    "feedback",
    "export",
    "report",
    "gradescope",
    "release",
    "bank",
)  # they read or write the term's data
STAGES = "use only these stages, for example 04 or 01-03 (default: all stages)"


def parser():
    main = argparse.ArgumentParser(prog="python -m autograder", description=__doc__.splitlines()[0])
    subs = main.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name, help):
        sub = subs.add_parser(name, help=help, description=help)
        sub.set_defaults(run=getattr(commands, name.replace("-", "_")))
        return sub

    add_authoring(add)
    add_proofs(add)
    add_release(add)
    add_grading(add)
    add_marks(add)
    add_bank(add)
    add_bench(add)
    add_scale(add)
    return main


def add_authoring(add):
    """Add the commands that make the course.

    Here and in the functions below, `add(name, help)` adds one command and returns its argument parser.
    """
    add("build", "build the notebooks from solutions/*.py")
    add("pin", "compute the expected values of the visible checks")
    course = add("course", "run the reference notebooks and write the report")
    course.add_argument("--out", default="report", help="folder for the report (default: report)")
    course.add_argument("--stages", help=STAGES)
    slides = add("slides", "write the slides of each stage, one HTML file each, which needs no network")
    slides.add_argument("--stages", help=STAGES)
    slides.add_argument("--out", default="report/slides", help="folder for the slides (default: report/slides)")
    slides.add_argument(
        "--report",
        default="report",
        help="folder of `course`, whose executed notebooks are used where they still fit (default: report)",
    )
    bands = add("bands", "train each recipe with several seeds and record R@1, from which the bands are computed")
    bands.add_argument("--seeds", type=int, default=6, help="number of seeds (default: 6)")
    bands.add_argument(
        "--distilled-seeds", type=int, default=5, help="number of seeds for the distillation of stage 10 (default: 5)"
    )
    dose = add("dose", "train with false negatives among the mined ones and record R@1, from which the dose curve is drawn")
    dose.add_argument("--seeds", type=int, default=5, help="number of seeds (default: 5)")


def add_proofs(add):
    """Add the commands that prove that checks and marks are right, here and with other libraries."""
    prove = add("prove", "prove that the checks tell right answers from wrong ones, and audit every route to a mark")
    prove.add_argument(
        "--exercise",
        help="prove only the check of this exercise, given by id or number, and write nothing (default: all exercises, and the audit)",
    )
    prove.add_argument(
        "--tiers", action="store_true", help="prove only the tiers of a release, by every route to a mark, and write nothing"
    )
    prove.add_argument(
        "--frames",
        type=int,
        default=100_000,
        help="number of fuzzed messages that the audit sends through the wire to the grader (default: 100000)",
    )
    blind = add("blind", "run answers written by authors who know only the student's notebooks, and print what was caught")
    blind.add_argument(
        "folder",
        nargs="?",
        help="a folder of files such as 4.1.yaml, each a list of answers with the fields right, mistake and code (default: the recorded rounds)",
    )
    blind.add_argument("--out", help="folder to write the same answers to, with what each student reads as 'told'")
    rounding = add(
        "rounding", "run every right answer under other numeric settings, and count how often rounding alone costs points"
    )
    rounding.add_argument(
        "--expected",
        help="file of the reference's values from another environment, written first if it does not exist (default: computed here)",
    )
    ranges = add("ranges", "run the checks and the stages with the oldest and with the newest allowed versions of the libraries")
    ranges.add_argument(
        "--ends",
        nargs="+",
        choices=("oldest", "newest"),
        default=["oldest", "newest"],
        help="which versions to install and test (default: both)",
    )
    ranges.add_argument("--stages", help=STAGES)


def add_release(add):
    """Add the command that makes what students get."""
    release = add("release", "make the folder or zip file that students get")
    release.add_argument("--to", required=True, help="where to write it: a new folder, or a file that ends in .zip")
    release.add_argument("--stages", help=STAGES)
    release.add_argument(
        "--tier",
        choices=("guided", "standard", "challenge"),
        default="standard",
        help="how much of each exercise is given: guided gives the steps of each answer with their decisive parts left open, "
        "challenge gives signature and docstring only and no hints (default: standard)",
    )
    release.add_argument(
        "--with-previous",
        action="store_true",
        help="put the reference answers to earlier stages of the same release into previous.py",
    )
    release.add_argument(
        "--colab",
        action="store_true",
        help="stop if the repository lacks this version's tag, which Colab installs (default: only warn)",
    )


def add_grading(add):
    """Add the commands that turn submissions into results."""
    grade = add("grade", "grade submissions: repair them, run them in isolation, judge them, record marks and write feedback")
    grade.add_argument("submissions", help="a notebook, a folder of notebooks, nbgrader's submitted folder, or an LMS's zip")
    grade.add_argument(
        "--who",
        metavar="PATTERN",
        help="how to tell the student from the path, if the names do not show it: a path pattern such as '{section}/{student}/*', "
        "or a CSV file with the columns path and student",
    )
    grade.add_argument("--roster", help="a CSV file that lists the class, so that each student keeps one id all term")
    grade.add_argument("--student", metavar="ID", help="treat all files as the work of this student")
    grade.add_argument("--results", help="folder for the results (default: autograder/term/results)")
    grade.add_argument("--no-record", action="store_true", help="write results only, without gradebook and feedback pages")
    grade.add_argument(
        "--accept-changes", action="store_true", help="record marks even where they differ from those in the gradebook"
    )
    grade.add_argument("--jobs", type=int, help="number of exercises to run at the same time (default: the number of cores)")
    grade.add_argument("--seconds", type=float, help="time limit per exercise in seconds (default: 20)")
    grade.add_argument(
        "--shard",
        metavar="i/n",
        help="grade only part i of n, counted from 0, and write results only; a final run without --shard records all marks",
    )
    grade.add_argument("--dask", metavar="ADDRESS", help="run on this Dask cluster, for example tcp://head:8786")
    replay = add("replay", "compute a recorded mark again and list everything that differs from its receipt")
    replay.add_argument("result", help="the recorded result, results/<stage>/<student>.json")
    replay.add_argument("notebook", help="the submitted file")
    replay.add_argument("--exercise", help="replay only this exercise, given by id or number (default: all exercises)")


def add_marks(add):
    """Add the commands that turn results into marks, pages and grade files."""
    feedback = add("feedback", "write the students' feedback pages, for example again after marking by hand")
    feedback.add_argument("--stages", help=STAGES)
    export = add("export", "write the gradebook's marks as a file for nbgrader, Canvas, Moodle, Blackboard or Brightspace")
    export.add_argument("--format", choices=("nbgrader", "canvas", "moodle", "blackboard", "brightspace"), default="nbgrader")
    export.add_argument("--roster", help="the CSV file that the LMS exports, into which the marks are written")
    export.add_argument(
        "--columns",
        metavar="ROLE=HEADING;…",
        help="the headings of columns that are not recognised, for example 'email=Mail;grade=Punkte' or '04=Task 4'",
    )
    export.add_argument(
        "--overwrite", action="store_true", help="replace grades, feedback and entries such as EX that the file holds already"
    )
    export.add_argument("--stages", "--stage", help=STAGES)
    export.add_argument("--out", help="file to write (default: autograder/term/grades_FORMAT.csv)")
    report = add(
        "report", "write the class report: scores, item analysis, failed tests, known mistakes and groups of the same wrong values"
    )
    report.add_argument("--stages", "--stage", help=STAGES)
    report.add_argument("--out", help="file to write (default: autograder/term/class_report.html)")
    report.add_argument("--json", metavar="FILE", help="file for the item analysis as JSON (default: beside the report)")
    report.add_argument(
        "--released",
        metavar="STAGE=DATE",
        action="append",
        help="when a stage was released, for example 04=2026-11-13, if `release` was not run here; may be given several times",
    )
    gradescope = add("gradescope", "build Gradescope's autograder zip, or turn results into its results.json")
    gradescope.add_argument("--to", required=True, help="file to write: autograder.zip or, with --result, results.json")
    gradescope.add_argument(
        "--stages", help="the stages that the assignment accepts, for example 04 or 01-03 (default: all stages)"
    )
    gradescope.add_argument("--result", nargs="*", help="the result files of one upload, from which results.json is made")
    gradescope.add_argument("--upload", help="the folder of that upload, whose files that could not be graded are then listed")
    gradescope.add_argument("--with-secret", action="store_true", help="put the course's secret seed into the zip")


def add_bank(add):
    """Add the command `bank`, which adds a wrong answer of the class to the known answers in autograder/bank/."""
    bank = add("bank", "put a wrong answer of the class into the bank of known mistakes, after running it")
    bank.add_argument("action", choices=("add",))
    bank.add_argument("exercise", help="the exercise, by id or number")
    source = bank.add_mutually_exclusive_group(required=True)
    source.add_argument("--group", metavar="ID", help="a group of students with the same wrong values, as the report names it")
    source.add_argument("--cell", metavar="FILE", help="a file with the exercise's cell as somebody solved it wrongly")
    bank.add_argument("--name", required=True, help="the file's name in small letters, for example scores_halved")
    bank.add_argument(
        "--mistake",
        required=True,
        metavar="SENTENCE",
        help="what students will read, as it goes on after 'This is what you get if', with a full stop",
    )
    bank.add_argument("--caught-by", metavar="TEST", help="the test that catches it (default: the first one that does)")


def main():
    args = parser().parse_args()
    try:
        if args.command in TERM_COMMANDS and (moved := move_in()):
            print(plain(moved))
        sys.exit(args.run(args))
    except commands.USER_ERRORS as e:
        # Errors raised by the course are whole sentences. Python's own errors are shown with their type.
        kind = f"{type(e).__name__}: " if isinstance(e, (KeyError, IndexError)) or getattr(e, "errno", None) else ""
        sys.exit(plain(f"{kind}{e}"))  # the message may hold a file name that a student chose
    except KeyboardInterrupt:
        sys.exit("interrupted" + "; finished work is kept: run the same command again to continue" * (args.command == "grade"))


if __name__ == "__main__":
    main()
