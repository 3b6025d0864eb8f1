"""Measures how often `dpr-course diagnose` names a fault: `python -m autograder bench-faults` (`make bench-faults`).

Every fault is put into small training runs on the toy NQ, in at least three severities and with several seeds. Runs without a
fault (healthy runs) show how often there is a false alarm. The trained weights and the measures of each run are kept in
`.faults/`. If the command is interrupted and run again, it continues where it stopped. Delete `.faults/measured` if the code of
a measure has changed.

The thresholds of the diagnosis were calibrated on the runs with seed 0. Its rules were corrected after the runs with seeds 1 and 2
and the first 18 healthy runs. The runs with seed 3 and the other healthy runs are held out.
"""

import hashlib
import itertools
import json
import os
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
QUESTIONS = 100  # number of questions on which a diagnosis compares ways of encoding texts (diagnose.ways.Way)
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
    """Return a text that identifies the weights of the model in a Case. A Case describes one training run."""
    return digest(str(float(sum(p.detach().double().abs().sum() for p in case.model.parameters()))))


class Bench:
    """Makes the training runs of the bench. Each run is made once and kept in `.faults/`."""

    def __init__(self):
        self.world, self.trained = World(), None  # trained: the Case that `case` returned last, before a fault is put into it

    def case(self, recipe):
        """Return the Case of the training run that a Recipe describes. It is read from `.faults/`, or trained now and kept there."""
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
    """Return the fields of a Recipe that differ from their defaults, as text."""
    plain = asdict(Recipe())
    return repr({name: value for name, value in asdict(recipe).items() if value != plain[name]})


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def runs():
    """Yield (name, fault, builder, seed) for all runs, in an order that makes an incomplete bench as useful as possible.

    `fault` is None for a healthy run. `builder(bench, seed)` returns the run's Case. First come all faults with seed 0, in their
    second severity. Then come rounds over all faults, with seed 1 and seed 2 in turn. From round to round, a fault has another
    severity. After every second run with a fault comes a healthy run. After these rounds come the other healthy runs, the other
    runs with seed 0, and the runs with seed 3.
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
    yield from (_sick(fault, i, 3) for fault, severities in FAULTS.items() for i in range(len(severities)))


def _sick(fault, severity, seed):
    return f"{fault}-{severity}-{seed}", fault, FAULTS[fault][severity], seed


def _healthy(i, recipe):
    return f"healthy-{i}", None, (lambda bench, seed: healthy(bench, recipe)), i


def healthy(bench, recipe):
    """Return the Case of a healthy Recipe.

    The Case states the prefixes and the temperature that were used in training. A diagnosis must not take these for a fault.
    """
    case = bench.case(recipe)
    if recipe.prefixes == ("", "") and recipe.divide == 1:
        return case
    return replace(
        case,
        question_prefix=recipe.prefixes[0],
        passage_prefix=recipe.prefixes[1],
        settings=replace(case.settings, temperature=recipe.divide),
    )


def read_kept(name):
    """Return the measures of the run `name` that are kept in `.faults/`, or None if there are none."""
    path = KEPT / "measured" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def measured(bench, name, build, seed):
    """Return the measures of one run, {part of the diagnosis: numbers}. Parts that are not kept yet are measured now and kept.

    name         name of the run, as `runs` yields it
    build, seed  `build(bench, seed)` returns the run's Case
    """
    path, kept = KEPT / "measured" / f"{name}.json", read_kept(name)
    if kept is not None and kept.keys() >= PARTS.keys():
        return kept
    case = build(bench, seed)
    if kept is not None and name.rsplit("-", 2)[0] not in DATA_FAULTS:
        found = measure(case, questions=QUESTIONS, only=PARTS.keys() - kept.keys()) | kept
    elif name.startswith("healthy-") and case is bench.trained:
        found = measured(bench, f"base-{id_of(case)}", lambda bench, seed: case, seed)
    elif name.rsplit("-", 2)[0] in DATA_FAULTS:  # a fault in the data changes no vector of the healthy run
        whole = measured(bench, f"base-{id_of(case)}", lambda bench, seed: bench.trained, seed)
        found = whole | measure(case, questions=QUESTIONS, only=OF_DATA)
        if case.history is None:  # the healthy run's training history does not fit the changed data
            found |= {"replay": {}, "first step": {}}
    else:
        found = measure(case, questions=QUESTIONS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_text(json.dumps(found, default=float), encoding="utf-8")
    return found


def run_bench(only=None, kept=False):
    """Make the runs of the bench that are not kept yet. Return a list with one dict (a row) for each run.

    only  list of texts, to use only runs whose name contains one of them; by default all
    kept  True: make no run, and use only the measures that are kept
    """
    os.environ["DPR_NO_PROGRESS"] = "1"
    quiet()
    bench, rows = None if kept else Bench(), []
    wanted = [r for r in runs() if not only or any(o in r[0] for o in only)]
    for name, fault, build, seed in progress(wanted, desc="runs", unit="run"):
        m = read_kept(name) if kept else measured(bench, name, build, seed)
        if m is None or "training" not in m:
            continue
        found, elsewhere = judge(m), judge({name: part for name, part in m.items() if name != "first step"})
        rows.append(
            {
                "run": name, "fault": fault, "seed": seed if fault else None, "part": seed if fault else 3 if seed >= 18 else 1,
                **names(found),
                "elsewhere": names(elsewhere), "seconds": m["about"]["seconds"],
            }
        )  # fmt: skip
        print(f"{name:<32} {verdict(rows[-1]):<7} {rows[-1]['named']}", flush=True)
    return rows


def names(findings):
    """Return the names of the faults in `findings` as {"named": those that no other finding explains, "explained": the others}."""
    return {
        "named": [f.fault for f in findings if f.explained_by is None],
        "explained": [f.fault for f in findings if f.explained_by],
    }


def verdict(row):
    """Return whether the diagnosis in `row`, a row of `run_bench`, is right.

    For a run with a fault: "first" if the fault is named first, "named" if it is named later or as the effect of another fault,
    or else "MISSED". For a healthy run: "alarm" if a fault is named, or else "clean".
    """
    if row["fault"] is None:
        return "alarm" if row["named"] else "clean"
    if row["named"][:1] == [row["fault"]]:
        return "first"
    return "named" if row["fault"] in row["named"] + row["explained"] else "MISSED"
