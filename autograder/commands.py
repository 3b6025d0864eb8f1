"""The commands of `python -m autograder`: each function calls the module that does the work and prints what it did.

The imports are inside the functions. A command therefore loads only the modules that it needs, and starts quickly.
"""

from autograder.plain import plain

# Errors that an instructor can correct. They are shown as one sentence, without a traceback.
USER_ERRORS = (ValueError, OSError, LookupError)


def build(args):
    from autograder.authoring.build import build

    print("\n".join(f"built {name}" for name in build()))


def pin(args):
    from autograder.authoring.pin import pin

    pin()


def prove(args):
    from autograder.audit.publish import run_audit, run_tiers
    from autograder.proof.prove import prove

    if args.tiers:
        return run_tiers()
    failed = prove(args.exercise)
    return failed if args.exercise else run_audit(args.frames) or failed


def blind(args):
    from autograder.audit.publish import run_blind

    return run_blind(args.folder, args.out)


def rounding(args):
    from autograder.audit.rounding import run_rounding

    return run_rounding(args.expected)


def course(args):
    from autograder.course import run_course

    return run_course(args.out, args.stages)


def slides(args):
    from autograder.slides import write_slides

    print("\n".join(f"wrote {path}" for path in write_slides(args.out, args.stages, args.report)))


def bands(args):
    from autograder.authoring.bands import run_bands

    run_bands(args.seeds, args.distilled_seeds)


def dose(args):
    from autograder.authoring.dose import run_dose

    run_dose(args.seeds)


def ranges(args):
    from autograder.authoring.ranges import run_ranges

    return run_ranges(args.ends, args.stages)


def bench(args):
    from autograder.bench.speed import run_bench

    run_bench(args.out, args.rounds, args.tasks)


def clock(args):
    from autograder.bench.clock import USUAL, run_clock

    return run_clock(args.rows or USUAL, args.rounds, args.out)


def profile(args):
    from autograder.bench.profile import run_profile

    run_profile()


def release(args):
    from autograder.authoring.project import why_not_in_colab
    from autograder.authoring.release import ReleaseError, make_release
    from autograder.marks.attempts import note_release

    if (why := why_not_in_colab()) and args.colab:
        raise ReleaseError(f"nothing was released. {why}")
    names = make_release(args.to, args.stages, args.with_previous, args.tier)
    note_release(names, args.tier)
    print("\n".join(f"released {name}" for name in names))
    if why:
        print(f"For a class in Colab: {why}. Elsewhere nothing is missing.")


def bench_page(args):
    from autograder.bench.live_page import run_bench

    run_bench(args.model)


def bench_faults(args):
    from autograder.bench.faults import run_bench
    from autograder.bench.faults_page import publish

    rows = run_bench(args.only, args.kept)
    if not args.only:
        print(publish(rows))


def grade(args):
    from autograder.grade.grade import grade
    from autograder.marks.publish import made, publish, report
    from autograder.places import RESULTS
    from autograder.sandbox.limits import Limits

    limits = Limits(seconds=args.seconds) if args.seconds else None
    people = {"who": args.who, "roster": args.roster, "student": args.student}
    graded = grade(args.submissions, results=args.results or RESULTS, limits=limits, jobs=args.jobs, shard=args.shard,
                   dask=args.dask, people=people)  # fmt: skip
    found, held = [], 0
    if not (args.no_record or args.shard):
        found, held = publish(graded, args.accept_changes)
    print(plain(report(graded, found, held)))
    if args.no_record or args.shard:
        print("only results were written: grade again without --shard and --no-record to record them and to write the pages")
    return 1 if held or not graded.results or len(made(graded.results)) < len(graded.results) else 0


def replay(args):
    from autograder.grade.replay import replay

    told = replay(args.result, args.notebook, args.exercise)
    print(plain("\n".join(told)) or "The same marks, from the same file, checks, environment and seed.")
    return 1 if told else 0


def _results(stages):
    from autograder.grade.results import load_results
    from autograder.stages.source import chosen_stages

    results = load_results(stages=chosen_stages(stages))
    if not results:
        raise LookupError("there are no results: run `python -m autograder grade SUBMISSIONS` first")
    return results


def feedback(args):
    from autograder.marks.feedback import write_feedback
    from autograder.marks.publish import made, waiting

    results = made(_results(args.stages))
    _, held = waiting(results)
    paths = write_feedback([r for r in results if (r["student"], r["stage"]) not in held])
    print(f"{len(paths)} pages" + (f", the first is {paths[0]}" if paths else ""))
    if held:
        print(f"{len(held)} pages stay as they were, because their marks changed: grade again with --accept-changes first")


def export(args):
    from autograder.lms.export import write_export
    from autograder.stages.source import chosen_stages

    path, told = write_export(
        args.format, args.roster, chosen_stages(args.stages), args.out, columns=args.columns, overwrite=args.overwrite
    )
    print(plain("\n".join([*told, f"wrote {path}"])))


def report(args):
    from autograder.marks.attempts import release_dates
    from autograder.marks.class_report import write_report

    paths = write_report(_results(args.stages), args.out, args.json, release_dates(args.released))
    print("\n".join(f"wrote {path}" for path in paths))


def bank(args):
    from pathlib import Path

    from autograder.marks.bank_add import add
    from autograder.marks.wrong_clusters import cluster_code, recorded_cells
    from autograder.stages.contexts import stage_of
    from dpr_course.checks import find

    exercise = find(args.exercise).exercise
    if args.cell:
        code = Path(args.cell).read_text(encoding="utf-8")
    else:
        code = cluster_code(_results(stage_of(exercise)), exercise, args.group, recorded_cells())
    path, test = add(exercise, args.name, args.mistake, code, args.caught_by)
    print(f"{path.read_text(encoding='utf-8')}\nwrote {path}; caught by: {test}")
    print("Read it, for the bank is run outside the sandbox. Then run `make pin prove`: after that, students read the sentence.")


def gradescope(args):
    from autograder.grade.results import load_result
    from autograder.lms.gradescope import build_zip, write_results_json
    from autograder.stages.source import chosen_stages

    stages = chosen_stages(args.stages)
    if args.result is not None:
        results = [load_result(p) for p in args.result]
        print(f"wrote {write_results_json(results, args.to, stages if args.stages else None, args.upload)}")
        return
    secret = None
    if args.with_secret:
        from autograder.grade.secret import load_secret

        secret = load_secret()
        print(
            "The zip holds the course's secret seed. Whoever has it can compute the hidden inputs: upload the zip, then delete it."
        )
    print(f"wrote {build_zip(args.to, stages, secret)}")


def bench_grading(args):
    from autograder.bench.grading import run_bench

    run_bench(tuple(args.sizes), args.peer)


def bench_search(args):
    from autograder.bench.search_scale import SIZES, WIDTHS, run_bench

    run_bench(args.sizes or SIZES, args.widths or WIDTHS, args.out)


def bench_cluster(args):
    from autograder.bench.grading_scale import run_bench

    return run_bench(args.submissions, args.workers, args.kill, args.damaged / 100, args.out)
