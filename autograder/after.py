"""The commands for what comes after grading: feedback, export, report, gradescope. They print what they did."""

import json
from pathlib import Path

from autograder.course import chosen_stages


def results_of(stages):
    from autograder.grade import load_results

    results = load_results(stages=chosen_stages(stages))
    if not results:
        raise SystemExit("there are no results: run `python -m autograder grade SUBMISSIONS` first")
    return results


def feedback(args):
    from autograder.feedback import write_feedback

    paths = write_feedback(results_of(args.stages))
    print(f"{len(paths)} pages, the first is {paths[0]}")


def export(args):
    from autograder.export import RosterError, write_export

    try:
        path, told = write_export(args.format, args.roster, chosen_stages(args.stages), args.out)
    except (RosterError, OSError) as e:
        raise SystemExit(str(e)) from None
    print("\n".join([*told, f"wrote {path}"]))


def report(args):
    from autograder.class_report import write_report

    print(f"wrote {write_report(results_of(args.stages), args.out)}")


def gradescope(args):
    from autograder.gradescope import build_zip, write_results_json

    stages = chosen_stages(args.stages)
    if args.result is not None:
        results = [json.loads(Path(p).read_text(encoding="utf-8")) for p in args.result]
        print(f"wrote {write_results_json(results, args.to, stages if args.stages else None)}")
        return
    secret = None
    if args.with_secret:
        from autograder.secret import load_secret

        secret = load_secret()
        print("The zip holds the course's secret seed. Whoever has it can compute the hidden inputs: upload it and delete it.")
    print(f"wrote {build_zip(args.to, stages, secret)}")
