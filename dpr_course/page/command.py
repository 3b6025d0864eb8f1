"""The options of `dpr-course page`."""

KINDS = (
    "untrained, bm25, a folder that `dpr-course train` wrote, or a model that a notebook kept, such as 04_nce, 05_nce or 05_nce_hard; "
    "LABEL=MODEL names its column"
)


def add_page(commands):
    """Add the command to `commands`, argparse's subparsers. After parsing, `args.run` is its function, `page`."""
    told = "write one HTML file in which several retrievers answer typed questions side by side, offline"
    parser = commands.add_parser("page", help=told, description=f"{told[0].upper()}{told[1:]}.")
    parser.set_defaults(run=page)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=KINDS)
    parser.add_argument("--out", default="ask.html", metavar="FILE", help="file for the page (default: ask.html)")
    parser.add_argument("--only", action="store_true", help="leave out the columns bm25 and untrained, unless they are named")
    parser.add_argument("--passages", default="toy", metavar="FILE", help="the passages that are searched (default: the toy ones)")
    parser.add_argument("--questions", default="toy", metavar="FILE", help="the questions to choose from (default: the toy ones)")


def page(args):
    from dpr_course.page.export import make_page
    from dpr_course.quiet import quiet

    quiet()
    make_page(args.models, args.out, args.passages, args.questions, args.only)
