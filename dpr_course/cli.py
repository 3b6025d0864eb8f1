"""The command line: `dpr-course COMMAND`."""

import argparse
import sys

from dpr_course.commands import add_commands, run


def main(argv=None):
    parser = argparse.ArgumentParser(prog="dpr-course", description="Build a dense passage retriever, stage by stage.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("doctor", help="what is wrong with this environment, in one line, and what to do")
    carry = commands.add_parser("carry", help="rewrite a stage's previous.py from your own earlier notebooks")
    carry.add_argument("stage", help="number of the stage to go on with, for example 04")
    carry.add_argument("--notebooks", default="notebooks", help="folder that holds the stages (default: notebooks)")
    add_commands(commands)
    args = parser.parse_args(argv)

    if "run" in args:
        return run(args)

    if args.command == "doctor":
        from dpr_course.doctor import problem, summary

        print(summary())
        sys.exit(1 if problem() else 0)

    from dpr_course.carry import CarryError, carry

    try:
        outcome = carry(args.stage, args.notebooks)
    except CarryError as e:
        sys.exit(str(e))
    for exercise, yours in outcome.items():
        print(f"{exercise:<32} {'yours' if yours else 'the reference version (yours does not pass its check)'}")


if __name__ == "__main__":
    main()
