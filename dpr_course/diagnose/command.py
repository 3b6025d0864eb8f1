"""The options of `dpr-course diagnose`."""

NAMES = "list the faults that can be named, with a line on each"


def add_diagnose(commands):
    """Add the command `diagnose` to `commands`, argparse's subparsers. After parsing, `args.run` is the function `diagnose`."""
    told = "measure what is wrong with a training run: findings with numbers and advice, the most likely first"
    parser = commands.add_parser("diagnose", help=told, description=f"{told[0].upper()}{told[1:]}.")
    parser.set_defaults(run=diagnose)
    parser.add_argument("model", nargs="?", metavar="RUN", help="folder of a run, as `dpr-course train` writes it")
    parser.add_argument(
        "--json", action="store_true", help='print JSON: {"findings": [{"fault", "confidence", "measured", "advice", ...}]}'
    )
    parser.add_argument("--plot", metavar="FOLDER", help="also write the pictures to this folder, as PNG with alt text beside them")
    parser.add_argument("--data", metavar="RUN.yaml", help="a run's file whose data are used (default: config.yaml of the run)")
    parser.add_argument("--vectors", metavar="FILE", help="passage vectors as they were searched: a .npz file from `encode`")
    parser.add_argument("--hits", metavar="FILE", help="the TREC run that was evaluated, from `reduce`")
    parser.add_argument("--seconds", type=float, default=15.0, help="seconds for comparing ways of reading the texts (default: 15)")
    parser.add_argument("--list", action="store_true", help=NAMES)


def diagnose(args):
    import sys

    from dpr_course.diagnose.case import DiagnoseError
    from dpr_course.diagnose.findings import TITLES

    if args.list:
        print("\n".join(f"{fault:<26}{title}" for fault, title in TITLES.items()))
        return
    if not args.model:
        raise DiagnoseError("name the folder of a run, as in: dpr-course diagnose model")
    if not args.seconds > 0:
        raise DiagnoseError(f"--seconds is {args.seconds:g}: it must be more than 0")
    from dpr_course.diagnose.from_notebook import report
    from dpr_course.diagnose.from_run import case_from_run, with_files
    from dpr_course.quiet import quiet

    quiet()
    case = with_files(case_from_run(args.model, args.data), args.vectors, args.hits)
    found = report(case, args.seconds, tell=_teller(sys.stderr))
    print(found.to_json() if args.json else found)
    if args.plot:
        from dpr_course.diagnose.plots import draw

        paths = draw(case, found.measured, args.plot)
        print(f"{len(paths)} pictures in {args.plot}", file=sys.stderr)


def _teller(stream):
    """Return a function that writes the name of the current measure to `stream`, in place of the previous name.

    Return None if `stream` is not a terminal.
    """
    if not stream.isatty():
        return None
    return lambda name: stream.write(f"\rmeasuring: {name:<24}\r")
