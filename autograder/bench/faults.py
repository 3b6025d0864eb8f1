"""The bench of injected faults: `python -m autograder bench-faults` (`make bench-faults`).

Every fault, in three severities and with three seeds, is put into a healthy run of the toy, and `dpr-course diagnose` names it, or does
not; healthy runs show the false alarms. The weights of each training and the measures of each run are kept in `.faults/`, so that the
command goes on where it stopped; delete `.faults/measured` when a measure has changed.
Thresholds were calibrated on seed 0 and every second healthy run; the table counts the others.
"""

import hashlib
import itertools
import json
import os
from collections import Counter
from dataclasses import asdict, replace

import torch

from autograder.bench.sick import Recipe, World, case_of
from autograder.bench.sick_runs import FAULTS, HEALTHY
from autograder.places import ROOT
from dpr_course.diagnose.judge import judge
from dpr_course.diagnose.measure import PARTS, measure
from dpr_course.files import replacing
from dpr_course.quiet import quiet
from dpr_course.runtime import progress
from dpr_course.train import History

KEPT = ROOT / ".faults"
README = ROOT / "dpr_course" / "diagnose" / "README.md"
RESULTS = ROOT / "dpr_course" / "diagnose" / "bench.json"
MARK = "<!-- what follows is written by `python -m autograder bench-faults` -->"
QUESTIONS = 100  # on which ways are compared
DATA_FAULTS = (
    "duplicate-golds",
    "answer-bearing-negatives",
    "mined-golds",
    "development-leak",
    "epoch-on-reported",
    "foreign-index",
    "cut-off",
    "duplicate-ids",
)
OF_DATA = ("training", "titles", "batches", "mined", "leak", "evaluation")


def id_of(case):
    """Identify a case's weights."""
    return digest(str(float(sum(p.detach().double().abs().sum() for p in case.model.parameters()))))


class Bench:
    """The trainings of the bench; each is made once and kept."""

    def __init__(self):
        self.world, self.trained = World(), None  # trained: the last Case, before a fault is put into it

    def case(self, recipe):
        """Return the Case of a recipe, trained or as it was kept."""
        path = KEPT / "trained" / f"{digest(told(recipe))}.pt"
        if path.exists():
            return self._load(recipe, path)
        case = case_of(self.world, recipe)
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part:
            weights = {k: v.half() for k, v in case.model.state_dict().items()}
            torch.save({"weights": weights, "history": None if case.history is None else asdict(case.history)}, part)
        return self._load(recipe, path)

    def _load(self, recipe, path):
        kept = torch.load(path, map_location="cpu", weights_only=True)
        case = case_of(self.world, replace(recipe, epochs=0))
        case.model.load_state_dict({k: v.float() for k, v in kept["weights"].items()})
        case.history = History(**kept["history"]) if kept["history"] else None
        case = replace(case, settings=replace(case.settings, epochs=recipe.epochs))
        self.trained = case
        return case


def told(recipe):
    """Return what of a recipe differs from the default one, as text."""
    plain = asdict(Recipe())
    return repr({name: value for name, value in asdict(recipe).items() if value != plain[name]})


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def runs():
    """Yield (name, fault or None, builder, seed) of all runs, in an order in which a part of the bench tells most.

    First the middle severity of seed 0. Then rounds over all faults, each fault in another severity and with a held-out seed, and after
    every second of these a healthy run. What is left of seed 0 comes last.
    """
    yield from (_sick(fault, 1, 0) for fault in FAULTS)
    some, count = iter(enumerate(HEALTHY)), itertools.count(1)
    for turn, seed in itertools.product(range(4), (1, 2)):
        for place, (fault, severities) in enumerate(FAULTS.items()):
            if turn < len(severities):
                yield _sick(fault, (place + turn + seed) % len(severities), seed)
                if next(count) % 2 == 0:
                    yield from (_healthy(i, recipe) for i, recipe in itertools.islice(some, 1))
    yield from (_healthy(i, recipe) for i, recipe in some)
    yield from (_sick(fault, i, 0) for fault, severities in FAULTS.items() for i in range(len(severities)) if i != 1)


def _sick(fault, severity, seed):
    return f"{fault}-{severity}-{seed}", fault, FAULTS[fault][severity], seed


def _healthy(i, recipe):
    return f"healthy-{i}", None, (lambda bench, seed: healthy(bench, recipe)), i


def healthy(bench, recipe):
    """The Case of a healthy recipe: what training did to the texts is known."""
    case = bench.case(recipe)
    if recipe.prefixes == ("", "") and recipe.divide == 1:
        return case
    return replace(
        case,
        question_prefix=recipe.prefixes[0],
        passage_prefix=recipe.prefixes[1],
        settings=replace(case.settings, temperature=recipe.divide),
    )


def measured(bench, name, build, seed):
    """Return the measures of one run, made or as they were kept; parts that are new since then are added."""
    path = KEPT / "measured" / f"{name}.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    if kept is not None and kept.keys() >= PARTS.keys():
        return kept
    case = build(bench, seed)
    if kept is not None and name.rsplit("-", 2)[0] not in DATA_FAULTS:
        found = measure(case, questions=QUESTIONS, only=PARTS.keys() - kept.keys()) | kept
    elif name.startswith("healthy-") and case is bench.trained:
        found = measured(bench, f"base-{id_of(case)}", lambda bench, seed: case, seed)
    elif name.rsplit("-", 2)[0] in DATA_FAULTS:  # the vectors are those of the healthy run
        whole = measured(bench, f"base-{id_of(case)}", lambda bench, seed: bench.trained, seed)
        found = whole | measure(case, questions=QUESTIONS, only=OF_DATA)
        if case.history is None:  # the record is that of other data
            found["replay"] = {}
    else:
        found = measure(case, questions=QUESTIONS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_text(json.dumps(found, default=float), encoding="utf-8")
    return found


def run_bench(only=None):
    """Run what is missing of the bench, and write bench.json and the table in dpr_course/diagnose/README.md."""
    os.environ["DPR_NO_PROGRESS"] = "1"
    quiet()
    bench, rows = Bench(), []
    wanted = [r for r in runs() if not only or any(o in r[0] for o in only)]
    for name, fault, build, seed in progress(wanted, desc="runs", unit="run"):
        found = judge(measured(bench, name, build, seed))
        alone = [f.fault for f in found if f.explained_by is None]
        half = "A" if (seed == 0 if fault else seed % 2 == 0) else "B"
        rows.append({"run": name, "fault": fault, "half": half, "named": alone, "also": [f.fault for f in found if f.explained_by]})
        row = rows[-1]
        verdict = (
            ("alarm" if alone else "clean") if fault is None else "first" if _first(row) else "named" if _named(row) else "MISSED"
        )
        print(f"{name:<32} {verdict:<7} {alone}", flush=True)
    return rows


def publish(rows):
    """Write bench.json and the tables in dpr_course/diagnose/README.md, and return the tables as text."""
    text = tables(rows)
    RESULTS.write_text(
        json.dumps({"generator": "python -m autograder bench-faults", "runs": rows}, indent=0) + "\n", encoding="utf-8"
    )
    head, found, _ = README.read_text(encoding="utf-8").partition(MARK)
    README.write_text(f"{head}{MARK}\n\n{text}\n" if found else f"{head}\n{MARK}\n\n{text}\n", encoding="utf-8")
    return text


def tables(rows):
    """Return the tables in Markdown: named first, named at all, false alarms; and what was named first in place of the fault."""
    healthy, sick = [r for r in rows if r["fault"] is None], [r for r in rows if r["fault"]]
    alarms = [r for r in healthy if r["named"]]
    lines = ["| half | sick runs | fault named first | named at all | healthy runs | false alarms |", "|---|---|---|---|---|---|"]
    for half, told in (("A", "A, on which thresholds were calibrated"), ("B", "B, held out")):
        some, well = [r for r in sick if r["half"] == half], [r for r in healthy if r["half"] == half]
        first, named = (sum(condition(r) for r in some) for condition in (_first, _named))
        shares = [f"{n} ({n / max(1, len(some)):.0%})" for n in (first, named)]
        lines.append(f"| {told} | {len(some)} | {shares[0]} | {shares[1]} | {len(well)} | {sum(bool(r['named']) for r in well)} |")
    lines += ["", "Half B by fault:", "", "| fault | runs | first | at all | named first in its place |", "|---|---|---|---|---|"]
    for fault in FAULTS:
        some = [r for r in sick if r["fault"] == fault and r["half"] == "B"]
        others = Counter((r["named"] or ["nothing"])[0] for r in some if not _first(r))
        told = ", ".join(f"{name} {n}" for name, n in others.most_common()) or "-"
        lines.append(f"| {fault} | {len(some)} | {sum(map(_first, some))} | {sum(map(_named, some))} | {told} |")
    told = ", ".join(f"{r['run']} ({r['named'][0]})" for r in alarms) or "none"
    return "\n".join([*lines, "", f"False alarms: {told}."])


def _first(row):
    return row["named"][:1] == [row["fault"]]


def _named(row):
    return row["fault"] in row["named"] or row["fault"] in row["also"]
