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
    bench = commands.add_parser("bench", help="compare speed and memory with other systems on the same work")
    bench.add_argument("--out", default="report/bench", help="folder of table and plot (default report/bench)")
    bench.add_argument("--rounds", type=int, default=3, help="turns that each contender takes (default 3)")
    bench.add_argument("--tasks", nargs="+", choices=["train", "train cached", "encode", "search"], help="only these (default all)")
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
    elif args.command == "bench":
        from autograder.bench import run_bench

        run_bench(args.out, args.rounds, args.tasks)


if __name__ == "__main__":
    main()
