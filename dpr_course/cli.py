"""The command line: `dpr-course COMMAND`."""

import argparse
import os
import sys

from dpr_course.commands import add_commands, run, shortened
from dpr_course.diagnose.command import add_diagnose
from dpr_course.milestones.command import add_milestone
from dpr_course.page.command import add_page
from dpr_course.reader.command import add_reader


def main(argv=None):
    for stream in (sys.stdout, sys.stderr):  # a pipe on Windows may not be able to encode ✓
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(prog="dpr-course", description="Build a dense passage retriever, stage by stage.")
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name, told):
        return commands.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.")

    add("doctor", "say in one line what is wrong with this environment and what to do")
    carry = add("carry", "rewrite a stage's previous.py from your own earlier notebooks")
    carry.add_argument("stage", help="number of the stage whose previous.py is rewritten, for example 04")
    carry.add_argument("--notebooks", help="folder that holds the stages' folders (default: found from the current folder)")
    progress = add("progress", "show which exercises are solved, how many points they earn, and what comes next")
    progress.add_argument("--notebooks", help="folder that holds the stages' folders (default: found from the current folder)")
    progress.set_defaults(run=show_progress)
    train = add("train", "train a retriever as described by a YAML file, and save it in a folder")
    train.add_argument(
        "config", metavar="CONFIG.yaml", help="file with model, data, loss, optimiser and schedule, or 'toy' for the course's own"
    )
    train.add_argument(
        "--out", default="model", help="folder of the retriever (default: model); a stopped run continues from its last epoch"
    )
    train.add_argument(
        "--nproc", type=int, default=1, help="number of processes, each for a part of each batch; on GPUs one per GPU (default: 1)"
    )
    add_commands(commands)
    add_reader(commands)
    add_page(commands)
    add_diagnose(commands)
    add_milestone(commands)
    args = parser.parse_args(argv)

    if "run" in args:
        return run(args)

    if args.command == "train":
        return train_command(args.config, args.out, args.nproc)

    if args.command == "doctor":
        from dpr_course.doctor import problem, summary

        print(summary())
        sys.exit(1 if problem() else 0)

    from dpr_course.carry import CarryError, carry

    try:
        outcome = carry(args.stage, args.notebooks)
    except CarryError as e:
        sys.exit(str(e))
    told = {
        True: "yours",
        False: "the reference version (yours does not pass its check)",
        None: "the reference version (not solved yet)",
    }
    for exercise, yours in outcome.items():
        print(f"{exercise:<32} {told[yours]}")


def show_progress(args):
    """Run `dpr-course progress`: check the exercises in the student's saved notebooks and print which are solved."""
    from dpr_course.progress import progress
    from dpr_course.quiet import quiet

    quiet()
    print(progress(args.notebooks))


def train_command(config, out, nproc=1):
    """Run `dpr-course train`: train a retriever as the file `config` describes, and save it in the folder `out`.

    config  path of a YAML file, or "toy" for the configuration that ships with the course
    out     folder for the trained retriever; a run that was stopped continues from its last complete epoch
    nproc   number of processes; each process encodes its part of every batch

    A mistake in the configuration or the data ends the program with an error message and no traceback.
    """
    from dpr_course.pipeline.config import CONFIGS, load_config

    try:
        described = load_config(CONFIGS / "toy.yaml" if config == "toy" else config)
        if not 1 <= nproc <= described.schedule.batch_size:
            raise ValueError(f"--nproc is {nproc}: it must be between 1 and the batch size, {described.schedule.batch_size}")
        # These imports take seconds. They come after load_config, so that a mistake in the file is reported immediately.
        from dpr_course.pipeline.distributed import first_speaks, launch, process_group

        if nproc > 1 and "LOCAL_RANK" not in os.environ:  # this process was started by the user, and starts all ranks
            sys.exit(launch(nproc, "-m", "dpr_course.cli", "train", config, "--out", out))
        from dpr_course.pipeline.run import train_run
        from dpr_course.quiet import quiet

        quiet()
        with process_group(), first_speaks():
            train_run(described, out)
    except (ValueError, OSError, RuntimeError, FloatingPointError) as e:
        sys.exit(f"dpr-course train: {shortened(e)}")
    except KeyboardInterrupt:
        sys.exit("stopped; run the same command again to continue from the last complete epoch")


if __name__ == "__main__":
    main()
    if "LOCAL_RANK" in os.environ:
        from dpr_course.pipeline.distributed import leave

        leave()
