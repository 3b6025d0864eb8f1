"""The instructor's command line: `python -m autograder COMMAND`."""

import argparse
import sys


def main():
    parser = argparse.ArgumentParser(prog="python -m autograder", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="build the notebooks from solutions/*.py")
    commands.add_parser("pin", help="compute the expected values of the visible checks")
    prove = commands.add_parser("prove", help="show that the checks tell right from wrong, and write bank/README.md")
    prove.add_argument("--exercise", help="only this one, by id or number (default all; then nothing is written)")
    course = commands.add_parser("course", help="run the reference notebooks and write the report")
    course.add_argument("--out", default="report", help="folder of the report (default report)")
    course.add_argument("--stages", help="only these, for example 00-04 (default all)")
    bands = commands.add_parser("bands", help="train over several seeds and record the bands")
    bands.add_argument("--seeds", type=int, default=10, help="number of seeds (default 10)")
    feedback = commands.add_parser("feedback", help="write the students' feedback pages, again after marking by hand")
    feedback.add_argument("--stages", help="only these, for example 04 or 01-03 (default all)")
    export = commands.add_parser("export", help="write the gradebook's marks as CSV for nbgrader, Canvas or Moodle")
    export.add_argument("--format", choices=("nbgrader", "canvas", "moodle"), default="nbgrader")
    export.add_argument("--roster", help="the CSV file that the LMS exports, to be filled in")
    export.add_argument("--stages", "--stage", help="only these, for example 04 or 01-03 (default all)")
    export.add_argument("--out", help="file to write (default autograder/grades_FORMAT.csv)")
    report = commands.add_parser("report", help="write the class report: scores, failing tests, known mistakes")
    report.add_argument("--stages", "--stage", help="only these, for example 04 or 01-03 (default all)")
    report.add_argument("--out", help="file to write (default autograder/class_report.html)")
    gradescope = commands.add_parser("gradescope", help="build Gradescope's autograder zip, or turn results into its results.json")
    gradescope.add_argument("--to", required=True, help="autograder.zip, or results.json with --result")
    gradescope.add_argument("--stages", help="what the assignment takes, for example 04 or 01-03 (default all)")
    gradescope.add_argument("--result", nargs="*", help="result files of one upload, for results.json")
    gradescope.add_argument("--with-secret", action="store_true", help="put the course's secret seed into the zip")
    args = parser.parse_args()

    if args.command == "build":
        from autograder.build import build

        print("\n".join(f"built {name}" for name in build()))
    elif args.command == "pin":
        from autograder.pin import pin

        pin()
    elif args.command == "prove":
        from autograder.prove import prove

        sys.exit(prove(args.exercise))
    elif args.command == "course":
        from autograder.course import run_course

        sys.exit(run_course(args.out, args.stages))
    elif args.command == "bands":
        from autograder.bands import run_bands

        run_bands(args.seeds)
    elif args.command in ("feedback", "export", "report", "gradescope"):
        from autograder import after

        sys.exit(getattr(after, args.command)(args))


if __name__ == "__main__":
    main()
