"""The options of `dpr-course retrieve | read-train | read | distill`.

The four commands are one round of a loop (Izacard and Grave 2021): find passages, train a reader on these passages, let the reader
score them, and train a retriever on the scores. The next round searches with this retriever.
"""

import functools
import math
import os
import sys
from pathlib import Path

from dpr_course.errors import CourseError

POSITIONAL = {"retrieve": ("source",), "read-train": ("data",), "read": ("reader", "data"), "distill": ("data",)}
PASSAGES = "passages read per question, the best ones if they have scores"


def add_reader(commands):
    """Add the four commands to `commands`, argparse's subparsers. After parsing, `args.run` is the function of the command."""
    for add in (_add_retrieve, _add_read_train, _add_read, _add_distill):
        add(commands)


def _command(commands, name, text, note=""):
    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}. {note}")
    parser.set_defaults(run=functools.partial(run, name.replace("-", "_")))
    return parser


def _numbers(parser, **options):
    """Add options that take a number to `parser`. Each option is given as name=(type, default, help text).

    The default is added to the help text. If the default is None, the help text itself must say what happens without the option.
    """
    for name, (kind, default, text) in options.items():
        told = text if default is None else f"{text} (default: {default})"
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=default, metavar="N", help=told)


def _machine(parser, nproc=True):
    if nproc:
        parser.add_argument(
            "--nproc", type=int, default=1, metavar="N", help="processes that share the work, on GPUs one each (default: 1)"
        )
    parser.add_argument(
        "--device", help="cpu, mps, cuda, or one GPU as in cuda:1 (default: that of DPR_DEVICE, else the best there is)"
    )


def _training(parser, lr, batch_size, also=""):
    _numbers(
        parser,
        total_steps=(int, None, "updates of the weights (default: as many as one pass over the questions takes)"),
        warmup_steps=(int, None, "steps in which the learning rate rises; then it falls to 0 (default: a tenth of the steps)"),
        batch_size=(int, batch_size, "questions in a batch"),
        lr=(float, lr, "highest learning rate"),
        weight_decay=(float, 0.01, "weight decay of AdamW, for matrices only"),
        seed=(int, 0, "seed of order and dropout"),
        eval_every=(int, 500, "steps after which the state is saved, from which a stopped run goes on" + also),
    )


def _add_retrieve(commands):
    parser = _command(
        commands, "retrieve", "find passages for questions and write them as Fusion-in-Decoder's JSON",
        "It runs in one process. For a corpus that needs several, run `encode --shard`, `search` and `reduce`, and give the TREC "
        "run that they write as SOURCE.",
    )  # fmt: skip
    parser.add_argument(
        "source", metavar="SOURCE",
        help="bm25; the folder of a retriever, from `train` or `distill`; untrained, the track's encoder as it is; or a TREC run",
    )  # fmt: skip
    parser.add_argument(
        "--questions", default="toy", metavar="FILE",
        help="toy (the validation questions), toy-train, or a file; of one in FiD's form, the passages are replaced (default: toy)",
    )  # fmt: skip
    parser.add_argument(
        "--passages",
        default="toy",
        metavar="FILE",
        help="passages to search: toy, passages.tsv (id, text, title), JSON (default: toy)",
    )
    parser.add_argument(
        "--out", default="retrieved.json", metavar="FILE", help="a name in .jsonl gives lines (default: retrieved.json)"
    )
    _numbers(parser, k=(int, 100, "passages per question"), batch_size=(int, 64, "texts encoded at a time"))
    _machine(parser, nproc=False)


def _add_read_train(commands):
    parser = _command(commands, "read-train", "train a reader, a T5, on questions with their passages and answers")
    parser.add_argument("data", help="training questions, a file that `retrieve` wrote or one in FiD's form")
    parser.add_argument(
        "--reader", help="reader to start from: toy, toy_finetuned, a folder, or a name such as t5-base (default: the track's)"
    )
    parser.add_argument("--out", default="reader", metavar="FOLDER", help="the trained reader (default: reader)")
    parser.add_argument(
        "--eval-data", metavar="FILE", help="questions whose exact match chooses the weights (default: the last are kept)"
    )
    _numbers(
        parser,
        n_context=(int, 5, PASSAGES),
        text_maxlength=(int, 200, "most tokens of question, title and passage together; longer texts are cut"),
        answer_maxlength=(int, 32, "most tokens of an answer; longer ones are cut"),
        accumulation=(int, 1, "batches per step, whose gradients are added up; with --nproc the processes share them"),
    )
    parser.add_argument(
        "--use-checkpoint", action="store_true", help="gradient checkpointing: less memory, the same gradient, slower"
    )
    _training(parser, lr=5e-4, batch_size=4, also=", and after which --eval-data is read")
    _machine(parser)


def _add_read(commands):
    parser = _command(commands, "read", "let a reader answer questions from their passages, and count exact matches")
    parser.add_argument("reader", help="folder of a reader, toy, toy_finetuned, or a name such as t5-base")
    parser.add_argument("data", help="questions, a file that `retrieve` wrote or one in FiD's form")
    parser.add_argument(
        "--out", default="answers.tsv", metavar="FILE", help="a line id, tab, answer per question (default: answers.tsv)"
    )
    parser.add_argument(
        "--write-scores", metavar="FILE",
        help="also write a copy of the data with the passages that were read, best first, each with its cross-attention as score",
    )  # fmt: skip
    parser.add_argument(
        "--free", action="store_true", help="write any words, as FiD does, and not only runs of words of the passages"
    )
    _numbers(
        parser,
        n_context=(int, 5, PASSAGES),
        text_maxlength=(int, 200, "most tokens of question, title and passage together; longer texts are cut"),
        answer_maxlength=(int, 16, "most tokens of an answer"),
        batch_size=(int, 16, "questions read at a time"),
    )
    _machine(parser)


def _add_distill(commands):
    parser = _command(
        commands, "distill", "train a retriever to score passages as a reader does, without gold passages",
        "The folder is one of `dpr-course train`: encode, page and retrieve take it.",
    )  # fmt: skip
    parser.add_argument("data", help="questions with scored passages, a file of `read --write-scores`")
    parser.add_argument("--retriever", help="folder of a retriever, or an encoder by folder or name (default: the track's encoder)")
    parser.add_argument("--out", default="retriever", metavar="FOLDER", help="the trained retriever (default: retriever)")
    parser.add_argument("--in-batch", action="store_true", help="the passages of a batch's other questions are negatives too")
    parser.add_argument("--tied", action="store_true", help="one encoder for questions and passages, if an encoder is given")
    _numbers(
        parser,
        n_context=(int, None, "passages compared per question (default: all that the first question has)"),
        max_length=(int, 100, "most tokens of a question or a passage, if an encoder is given"),
    )
    _training(parser, lr=3e-4, batch_size=32)
    _machine(parser)


def run(name, args):
    """Run the function `name` of dpr_course.reader.work with the parsed options `args`, in --nproc processes."""
    _refuse_numbers(args)
    _refuse_folders(args)
    if args.device:
        os.environ["DPR_DEVICE"] = args.device
    if getattr(args, "nproc", 1) > 1 and "LOCAL_RANK" not in os.environ:  # this process starts the others
        from dpr_course.pipeline.distributed import launch

        sys.exit(launch(args.nproc, "-m", "dpr_course.cli", *_words(args)))
    # These imports take seconds. They come after the checks, so that a mistake in an option is reported immediately.
    from dpr_course.pipeline.distributed import first_speaks, process_group
    from dpr_course.quiet import quiet
    from dpr_course.reader import work

    quiet()
    try:
        with process_group(), first_speaks():
            getattr(work, name)(args)
    except (FloatingPointError, RuntimeError) as e:  # training has diverged, a GPU is too small, or a process was lost
        raise CourseError(str(e)) from e


def _refuse_numbers(args):
    """Raise CourseError if a number is out of range, or if a training step has fewer questions than there are processes.

    A whole number must be at least 1; only warmup_steps and seed may be 0. Any other number must be above 0 and finite; only
    weight_decay may be 0.
    """
    for name, value in vars(args).items():
        if type(value) is int and value < (least := int(name not in ("warmup_steps", "seed"))):
            raise CourseError(f"--{name.replace('_', '-')} is {value}: it must be at least {least}")
        if type(value) is float and not (0 < value < math.inf or value == 0 and name == "weight_decay"):
            raise CourseError(f"--{name.replace('_', '-')} is {value}: it must be a number above 0")
    if (nproc := getattr(args, "nproc", 1)) > (
        most := args.batch_size * getattr(args, "accumulation", 1)
    ) and args.command != "read":
        raise CourseError(f"--nproc is {nproc}: it must be at most {most}, the questions of a step, which the processes share")


def _refuse_folders(args):
    """Raise CourseError if the path of an output file names an existing folder."""
    for name in ("write_scores", *(("out",) if args.command in ("retrieve", "read") else ())):
        if (path := getattr(args, name, None)) and Path(path).is_dir():
            raise CourseError(f"--{name.replace('_', '-')} {path}: this is a folder, and a file is to be written")


def _words(args):
    """Return the command line that `args` was parsed from as a list of words, without --nproc and --device.

    Each of the processes that share the work is started with these words.
    """
    given = {k: v for k, v in vars(args).items() if k not in ("command", "run", "nproc", "device") and v not in (None, False)}
    words = [args.command, *(given.pop(name) for name in POSITIONAL[args.command])]
    for name, value in given.items():
        words += [f"--{name.replace('_', '-')}", *([] if value is True else [value])]
    return words
