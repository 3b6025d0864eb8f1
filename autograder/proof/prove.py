"""Proves that the checks are right: `python -m autograder prove`.

The proof shows for every exercise, on the inputs of the published seed and of other seeds:

- the reference and each alternative right solution in the bank (autograder/bank, known answers) get full marks;
- each wrong solution loses points on the test that its file names: in this test, at least one value differs from the right value
  by more than ten tolerances; on the published inputs, the student reads the message of this mistake and of no other mistake;
- the unsolved exercise gets 0 points, and the student reads that it is not solved yet (tried on the published inputs only);
- of the mutants, which are copies of the reference with one automatic change each, at least 95 % lose points or are listed in
  bank/<exercise>/equivalent.json, with the reason why the change makes no difference;
- under other numeric settings, the reference's values change by less than a tenth of the tolerance.

The result is written to bank/README.md. If anything fails, the failures are printed and nothing is written.
"""

import json
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field

from tqdm import tqdm

from autograder.nbgrader_settings import nbgrader_settings
from autograder.proof.bank import BANK, define, entries
from autograder.proof.mutants import mutants
from autograder.proof.variants import VARIANTS, one_thread, variant
from autograder.repair.cpu_time import OutOfCpuTime, cpu_seconds
from autograder.stages.source import exercise_source, without_solution
from dpr_course.checks import CHECKS, PUBLISHED_SEED, load_expected, observe
from dpr_course.checks.compare import TOLERANCE, difference

SEEDS = (PUBLISHED_SEED, 1, 20_260_101, 2**40 + 7)
TIME_LIMIT = 5.0  # seconds of processor time for one solution on one seed's inputs; a right solution needs far less
KILLED = 0.95  # minimum share of the mutants that must lose points (be killed) or be listed as equivalent
SEVERAL = {"right": 3, "wrong": 8}  # minimum number of right and of wrong solutions in the bank per exercise


@dataclass
class Proof:
    """The findings for the check of one exercise."""

    check: object
    right: list = field(default_factory=list)  # of Entry
    wrong: list = field(default_factory=list)  # of Entry
    mutants: int = 0
    killed: int = 0  # number of mutants that lost points
    equivalent: dict = field(default_factory=dict)  # {text of a mutant: why it makes no difference}
    survivors: list = field(default_factory=list)  # texts of the other mutants that kept full marks
    problems: list = field(default_factory=list)  # sentences


def prove_exercise(check, seeds=SEEDS, bank=BANK):
    """Prove one check with the solutions in the folder `bank`, on the inputs of each of `seeds`. Return a Proof."""
    proof = Proof(check)
    source = exercise_source(check.exercise)
    reference = define(check.exercise, source, check.names)
    expected = {seed: observe(check, reference, seed) for seed in seeds}
    pinned, mistakes = load_expected(check.exercise)

    def judged(objects, seed):
        """Return (Verdict, observation) for an answer. If `seed` is the published one, students would get the same verdict."""
        with cpu_seconds(TIME_LIMIT):
            seen = observe(check, objects, seed)
        published = seed == PUBLISHED_SEED
        return check.judge(seen, pinned if published else expected[seed], mistakes if published else ()), seen

    def problem(who, what, seed=None):
        where = "" if seed is None else f" (seed {seed})"
        proof.problems.append(f"{check.number} {check.exercise}, {who}: {what}{where}")

    _prove_reference(check, reference, expected, judged, problem)
    _prove_stub(check, source, judged, problem)
    for entry in entries(check.exercise, bank):
        (proof.right if entry.right else proof.wrong).append(entry)
        _prove_entry(check, entry, seeds, expected, judged, problem)
    for kind, least in SEVERAL.items():
        if len(getattr(proof, kind)) < least:
            problem("the bank", f"has {len(getattr(proof, kind))} {kind}_*.py, {least} are needed")
    _prove_mutants(proof, source, seeds, judged, problem, bank)
    return proof


def _prove_reference(check, reference, expected, judged, problem):
    for seed in expected:
        verdict, _ = judged(reference, seed)
        if not verdict.passed or verdict.points != check.points:
            problem("the reference", f"gets {verdict.points:g} of {check.points:g} points", seed)
        for settings in VARIANTS:
            with variant(*settings):
                again = observe(check, reference, seed)
            for key in {k for t in check.tests for k in t.keys}:
                if difference(again, expected[seed], key, TOLERANCE / 10):
                    problem("the reference", f"{key} is noisier than a tenth of the tolerance with {settings}", seed)


def _prove_stub(check, source, judged, problem):
    stub = nbgrader_settings().ClearSolutions.code_stub["python"]
    verdict, _ = judged(define(check.exercise, without_solution(source, stub), check.names), PUBLISHED_SEED)
    if verdict.points or not all(t.message.startswith("Not solved yet") for t in verdict.tests):
        problem("the untouched exercise", f"gets {verdict.points:g} points, or its message does not say that it is not solved yet")


def _prove_entry(check, entry, seeds, expected, judged, problem):
    who = f"{'right' if entry.right else 'wrong'}_{entry.name}"
    declared = next((t for t in check.tests if t.name == entry.caught_by), None)
    if not entry.right and declared is None:
        return problem(who, f"no test is called {entry.caught_by!r}")
    for seed in seeds:
        try:
            verdict, seen = judged(entry.objects(check.names), seed)
        except OutOfCpuTime:
            return problem(who, f"took more than {TIME_LIMIT:g} seconds of processor time", seed)
        except Exception as e:
            return problem(who, f"could not be defined: {type(e).__name__}: {e}")
        if entry.right:
            for t in verdict.tests:
                if not t.passed:
                    problem(who, f"loses points on {t.name!r}: {t.message}", seed)
            continue
        result = next(t for t in verdict.tests if t.name == entry.caught_by)
        if result.passed:
            problem(who, f"keeps the points of {entry.caught_by!r}", seed)
        elif all(difference(seen, expected[seed], k, 10 * TOLERANCE) is None for k in declared.keys):
            problem(who, f"is less than ten tolerances away on {entry.caught_by!r}", seed)
        elif seed == PUBLISHED_SEED and f"This is what you get if {entry.message}" not in result.message:
            problem(who, f"the student does not read the declared message but: {result.message}")
        for t in verdict.tests:
            if "This is what you get if " in t.message and entry.message not in t.message:
                problem(who, f"the student reads another mistake's message on {t.name!r}: {t.message}")


def _prove_mutants(proof, source, seeds, judged, problem, bank):
    check = proof.check
    path = bank / check.exercise / "equivalent.json"
    listed = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for mutant in mutants(source):
        proof.mutants += 1
        if any(not _keeps_marks(check, mutant, seed, judged) for seed in seeds):
            proof.killed += 1
        elif mutant.text in listed:
            proof.equivalent[mutant.text] = listed[mutant.text]
        else:
            proof.survivors.append(mutant.text)
    for text in listed.keys() - proof.equivalent.keys():
        problem("equivalent.json", f"names no mutant that keeps its marks: {text}")
    if proof.killed + len(proof.equivalent) < KILLED * proof.mutants:
        for text in proof.survivors:
            problem("mutant", f"keeps full marks: {text}")


def _keeps_marks(check, mutant, seed, judged):
    try:
        return judged(define(check.exercise, mutant.code, check.names), seed)[0].passed
    except (OutOfCpuTime, SystemExit, Exception):
        return False


def prove(exercise=None):
    """Prove all checks, or only the check of `exercise` (an id or number). Print a table and the problems.

    Returns the exit status, which is 1 if there are problems. bank/README.md is written only if all checks were proved and there
    were no problems.
    """
    chosen = [c for c in CHECKS.values() if exercise in (None, c.exercise, c.number)]
    if not chosen:
        raise SystemExit(f"no exercise is called {exercise!r}; there are {', '.join(CHECKS)}")
    sizes = {c: len(entries(c.exercise)) + len(mutants(exercise_source(c.exercise))) for c in chosen}
    proofs = dict.fromkeys(chosen)
    with (
        tqdm(total=sum(sizes.values()), desc="prove", unit="solution") as bar,
        ProcessPoolExecutor(initializer=one_thread) as workers,
    ):
        # An answer in the bank that ends its process breaks the pool with an error. It must be removed from the bank.
        futures = {workers.submit(prove_exercise, c): c for c in sorted(chosen, key=lambda c: -sizes[c])}
        for future in as_completed(futures):
            proofs[futures[future]] = future.result()
            bar.update(sizes[futures[future]])
    proofs = list(proofs.values())
    print(table(proofs))
    for proof in proofs:
        for text in proof.survivors:
            print(f"survives: {proof.check.number} {text}")
    problems = [p for proof in proofs for p in proof.problems]
    if problems:
        print(f"\n{len(problems)} problems\n" + "\n".join(f"- {p}" for p in problems))
        return 1
    if exercise is None:
        (BANK / "README.md").write_text(readme(proofs), encoding="utf-8")
    return 0


def table(proofs):
    """Return a Markdown table with one row for each Proof in `proofs`, and a last row of sums."""
    head = ("exercise", "tests", "alternatives", "wrong", "mutants", "killed", "equivalent", "surviving")
    rows = [
        (f"{p.check.number} `{p.check.exercise}`", len(p.check.tests), len(p.right), len(p.wrong),
         p.mutants, p.killed, len(p.equivalent), len(p.survivors))
        for p in proofs
    ]  # fmt: skip
    rows.append(("all", *(sum(column) for column in list(zip(*rows))[1:])))
    lines = [head, ("---", *["--:"] * (len(head) - 1)), *rows]
    return "\n".join("| " + " | ".join(str(v) for v in line) + " |" for line in lines)


def readme(proofs):
    """Return the text of bank/README.md: the table, and each exercise's known mistakes with the tests that catch them."""
    parts = [
        "# The proof of the checks",
        "Written by `python -m autograder prove`, never by hand. Each alternative gets full marks and each wrong solution loses "
        f"points on its test, on the published inputs and on {len(SEEDS) - 1} other seeds; the untouched exercise gets 0. A mutant "
        "is a machine-made change of the reference: it loses points (killed), or makes no difference (equivalent, with the reason "
        "in `equivalent.json`).",
        table(proofs),
    ]
    for p in proofs:
        parts.append(f"## {p.check.number} {p.check.title}")
        parts.append("Right in other ways: " + ", ".join(e.name.replace("_", " ") for e in p.right) + ".")
        lines = ["| this is what you get if ... | caught by |", "|---|---|"]
        lines += [f"| {e.message} | {e.caught_by} |" for e in p.wrong]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
