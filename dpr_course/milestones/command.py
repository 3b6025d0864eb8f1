"""The command `dpr-course milestone`: its options, the list of milestones that it prints, and the report of a run."""

import importlib.util
import os
import time

TOLD = "run one of the field's results with your own code, beside the recorded band; without a name, list them"


def add_milestone(commands):
    """Add the command to `commands`, argparse's subparsers. After parsing, `args.run` is its function, `milestone`."""
    parser = commands.add_parser("milestone", help=TOLD, description=f"{TOLD[0].upper()}{TOLD[1:]}.")
    parser.set_defaults(run=milestone)
    parser.add_argument("name", nargs="?", metavar="NAME", help="the milestone to run (default: list all)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the training runs (default: 0)")
    parser.add_argument("--notebooks", help="folder that holds the stages (default: that of the course you are in)")


def milestone(args):
    from dpr_course.carry import notebooks_folder
    from dpr_course.errors import CourseError
    from dpr_course.milestones.entries import MILESTONES
    from dpr_course.progress import read_folder
    from dpr_course.quiet import quiet

    quiet()
    known = {m.name: m for m in MILESTONES}
    if args.name is not None and args.name not in known:
        raise CourseError(f"no milestone is called {args.name!r}: there are {', '.join(known)}")
    files = read_folder(notebooks_folder(args.notebooks))
    if args.name is None:
        print(listed(MILESTONES, files))
    else:
        run_one(known[args.name], files, args.seed)


def span(low, high):
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def listed(milestones, files):
    """Return a table of the milestones as text. It shows the exercises that the student must still solve for each milestone.

    `files` holds the student's notebooks, as `progress.read_folder` returns them.
    """
    from dpr_course.milestones.student_code import unsolved

    lacking = {e: unsolved((e,), files) for e in dict.fromkeys(e for m in milestones for e in m.exercises)}
    lines = [f"{'name':<16}{'year':<6}{'to beat':>8}{'recorded':>14}   state"]
    for m in milestones:
        missing = [number for e in m.exercises for number in lacking[e]]
        state = f"needs {', '.join(missing)}" if missing else f"ready: `dpr-course milestone {m.name}`, about {m.seconds} s"
        lines.append(f"{m.name:<16}{m.year:<6}{m.to_beat:>8g}{span(*m.recorded()):>14}   {state}")
    return "\n".join(lines)


def run_one(m, files, seed):
    """Run the milestone `m` with the student's code, and print the result beside the recorded results.

    `files` holds the student's notebooks, as `progress.read_folder` returns them. Raises CourseError if the milestone cannot
    run, or if the student's code raises an error.
    """
    from dpr_course.errors import CourseError
    from dpr_course.milestones.student_code import own_code, unsolved

    if own := [v for v in ("DPR_DATA", "DPR_ENCODER") if os.environ.get(v)] + [
        "DPR_TRACK" for track in [os.environ.get("DPR_TRACK")] if track not in (None, "", "toy")
    ]:
        raise CourseError(f"{', '.join(own)} is set, and the recorded numbers are those of the toy: unset it for this command")
    if m.needs and importlib.util.find_spec(m.needs.partition("-")[0]) is None:
        raise CourseError(f"{m.name} needs {m.needs}: run `pip install {m.needs}`")
    if missing := unsolved(m.exercises, files):
        raise CourseError(f"{m.name} runs your own code, and these exercises do not pass yet: {', '.join(missing)}")
    print(f"{m.title} ({m.year})\n{m.source}\n")
    print(f"{m.measure}\n  to beat    {m.to_beat:g}, {m.beaten}\n  recorded   {span(*m.recorded())}, the reference solutions")
    print(f"Yours is running now: about {m.seconds} seconds on two idle cores.", flush=True)
    begun, code = time.perf_counter(), own_code(m.exercises, files)
    try:
        result = m.run(code, seed)
    except (CourseError, KeyboardInterrupt):
        raise
    except Exception as e:  # a student's code may raise anything
        from dpr_course.checks.core import describe_error

        raise CourseError(f"{m.name} stopped in your code: {describe_error(e)}") from e
    told = "reached" if m.reached(result.value) else "not reached"
    print(f"  yours      {result.value:.1f}   {told}, in {time.perf_counter() - begun:.0f} s")
    if result.told:
        print(f"  {result.told}")
    low, high = m.recorded()
    if round(result.value, 1) < low:
        print("  This is below the recorded numbers. Runs differ by seed and by machine: is another seed better (--seed 1)?")
    elif round(result.value, 1) > high:
        print("  This is above the recorded numbers. Runs differ by seed and by machine.")
