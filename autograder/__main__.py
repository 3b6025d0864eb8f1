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


if __name__ == "__main__":
    main()
