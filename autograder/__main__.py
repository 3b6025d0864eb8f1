"""The instructor's command line: `python -m autograder COMMAND`."""

import argparse
import sys

from autograder import commands
from autograder.places import move_in
from autograder.plain import plain

TERM_COMMANDS = ("grade", "replay", "feedback", "export", "report", "gradescope", "release")  # they use what the term gathered
STAGES = "only these, for example 04 or 01-03 (default all)"


def parser():
    main = argparse.ArgumentParser(prog="python -m autograder", description=__doc__.splitlines()[0])
    subs = main.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name, help):
        sub = subs.add_parser(name, help=help, description=help)
        sub.set_defaults(run=getattr(commands, name.replace("-", "_")))
        return sub

    add_authoring(add)
    add_grading(add)
    add_marks(add)
    add_bench(add)
    return main


def add_authoring(add):
    """Commands that make and prove the course."""
    add("build", "build the notebooks from solutions/*.py")
    add("pin", "compute the expected values of the visible checks")
    prove = add("prove", "show that the checks tell right from wrong, and write bank/README.md")
    prove.add_argument(
        "--exercise", help="only this one, by id or number; bank/README.md is then left as it is (default: all, and it is written)"
    )
    course = add("course", "run the reference notebooks and write the report")
    course.add_argument("--out", default="report", help="folder of the report (default report)")
    course.add_argument("--stages", help=STAGES)
    bands = add("bands", "train over several seeds and record the bands")
    bands.add_argument("--seeds", type=int, default=10, help="number of seeds (default 10)")
    ranges = add("ranges", "run checks and stages with the oldest and with the newest versions that are allowed")
    ranges.add_argument("--ends", nargs="+", choices=("oldest", "newest"), default=["oldest", "newest"], help="default both")
    ranges.add_argument("--stages", help=STAGES)
    release = add("release", "make the folder or zip that students get")
    release.add_argument("--to", required=True, help="a new folder, or a file that ends in .zip")
    release.add_argument("--stages", help=STAGES)
    release.add_argument(
        "--with-previous", action="store_true", help="let previous.py hold the answers of earlier stages that are released with it"
    )
    release.add_argument(
        "--colab",
        action="store_true",
        help="refuse if the repository lacks this version's tag, which Colab installs (default: warn)",
    )


def add_grading(add):
    """From submissions to results."""
    grade = add("grade", "grade submissions: mended, run in isolation, judged, recorded, feedback written")
    grade.add_argument("submissions", help="a notebook, a folder of notebooks, nbgrader's submitted folder, or an LMS's zip")
    grade.add_argument(
        "--who",
        metavar="PATTERN",
        help="who is who, where the names do not say: a pattern of the paths such as '{section}/{student}/*', or a CSV file with the "
        "columns path and student",
    )
    grade.add_argument("--roster", help="a CSV file with the class, so that each student has one id all term")
    grade.add_argument("--student", metavar="ID", help="all files are this student's")
    grade.add_argument("--results", help="folder of the results (default autograder/term/results)")
    grade.add_argument("--no-record", action="store_true", help="write results only: no gradebook, no feedback pages")
    grade.add_argument("--accept-changes", action="store_true", help="record marks that differ from those in the gradebook")
    grade.add_argument("--jobs", type=int, help="runs at the same time (default the number of cores)")
    grade.add_argument("--seconds", type=float, help="time of one exercise (default 20)")
    grade.add_argument(
        "--shard", metavar="i/n", help="only part i of n, counted from 0; results only: a last run without it records"
    )
    grade.add_argument("--dask", metavar="ADDRESS", help="run on this Dask cluster, for example tcp://head:8786")
    replay = add("replay", "make a mark again from its receipt, and name whatever is not as it was")
    replay.add_argument("result", help="results/<stage>/<student>.json")
    replay.add_argument("notebook", help="the submitted file")
    replay.add_argument("--exercise", help="only this one, by id or number (default all)")


def add_marks(add):
    """From results to what people and platforms get."""
    feedback = add("feedback", "write the students' feedback pages, again after marking by hand")
    feedback.add_argument("--stages", help=STAGES)
    export = add("export", "write the gradebook's marks as a file for nbgrader, Canvas, Moodle, Blackboard or Brightspace")
    export.add_argument("--format", choices=("nbgrader", "canvas", "moodle", "blackboard", "brightspace"), default="nbgrader")
    export.add_argument("--roster", help="the CSV file that the LMS exports, to be filled in")
    export.add_argument(
        "--columns",
        metavar="ROLE=HEADING;…",
        help="what columns are called that are not recognised, for example 'email=Mail;grade=Punkte' or '04=Task 4'",
    )
    export.add_argument(
        "--overwrite", action="store_true", help="replace grades, feedback and words such as EX that the file holds already"
    )
    export.add_argument("--stages", "--stage", help=STAGES)
    export.add_argument("--out", help="file to write (default autograder/term/grades_FORMAT.csv)")
    report = add("report", "write the class report: scores, failing tests, known mistakes")
    report.add_argument("--stages", "--stage", help=STAGES)
    report.add_argument("--out", help="file to write (default autograder/term/class_report.html)")
    gradescope = add("gradescope", "build Gradescope's autograder zip, or turn results into its results.json")
    gradescope.add_argument("--to", required=True, help="autograder.zip, or results.json with --result")
    gradescope.add_argument("--stages", help="what the assignment takes, for example 04 or 01-03 (default all)")
    gradescope.add_argument("--result", nargs="*", help="result files of one upload, for results.json")
    gradescope.add_argument("--upload", help="the folder of that upload, to say what in it could not be taken")
    gradescope.add_argument("--with-secret", action="store_true", help="put the course's secret seed into the zip")


def add_bench(add):
    """Speed, beside other systems."""
    bench = add("bench", "compare speed and memory with other systems on the same work")
    bench.add_argument("--out", default="report/bench", help="folder of table and plot (default report/bench)")
    bench.add_argument("--rounds", type=int, default=3, help="turns that each contender takes (default 3)")
    bench.add_argument("--tasks", nargs="+", choices=("train", "train cached", "encode", "search"), help="only these (default all)")
    grading = add("bench-grading", "measure grading against nbgrader's own, in one run")
    grading.add_argument("--sizes", type=int, nargs="+", default=[1, 30, 200], help="class sizes (default 1 30 200)")
    grading.add_argument("--peer", type=int, default=30, help="the class size that nbgrader grades too (default 30)")


def main():
    args = parser().parse_args()
    try:
        if args.command in TERM_COMMANDS and (moved := move_in()):
            print(plain(moved))
        sys.exit(args.run(args))
    except commands.USER_ERRORS as e:
        # What the course raises is a sentence; what Python raises by itself is told with its kind.
        kind = f"{type(e).__name__}: " if isinstance(e, (KeyError, IndexError)) or getattr(e, "errno", None) else ""
        sys.exit(plain(f"{kind}{e}"))  # it may name a file of a student's
    except KeyboardInterrupt:
        sys.exit("interrupted" + "; what was finished is kept: the same command goes on from there" * (args.command == "grade"))


if __name__ == "__main__":
    main()
