"""The automatic checks of the exercises. Students call them in a notebook: `check("4.1", get_in_batch_contrastive_loss)`.

One file per stage, one class per exercise:

    dual_encoder     stage 01, encoding
    tying            stage 01, making the model
    collate          stage 02
    recall           stage 03
    loss             stage 04
    hard_negatives   stage 05
    experiments      stage 06
    vector_index     stage 07, data
    symmetric        stage 07, the loss
    at_scale         stage 08, training
    shards           stage 08, search
    reader           stage 09
    distillation     stage 10, scores, loss and rankings
    one_round        stage 10, the loop

Modules that these share:

    core             the class Check: run the student's code and record its results, then judge them
    notes            sentences on what is wrong with a student's result
    reader_notes     sentences on what is wrong with a student's result in stage 09
    compare          compares results with the expected ones, and recognises known mistakes: recorded wrong solutions
    findings         sentences on a difference that no known mistake explains
    own_work         makes the package's finished solutions raise an error if an answer (a student's code) calls them
    closed_books     keeps an answer from reading files that hold solutions
    loss_findings    sentences on what is wrong with a loss
    fixtures         makes the inputs of the checks from a seed
    batches          makes batches of fixed vectors for the losses
    copies           makes passages that occur twice in a batch
    expected         loads the expected values, which `python -m autograder pin` writes
"""

import functools
import textwrap

from dpr_course.checks import (
    at_scale,
    collate,
    distillation,
    dual_encoder,
    experiments,
    hard_negatives,
    loss,
    one_round,
    reader,
    recall,
    shards,
    symmetric,
    tying,
    vector_index,
)
from dpr_course.checks.core import PUBLISHED_SEED, Check, Verdict, hushed, preserved_state
from dpr_course.checks.expected import load_expected

indented = functools.partial(  # Jupyter breaks a longer line in the middle of a word
    textwrap.fill, width=100, initial_indent=" " * 6, subsequent_indent=" " * 6, break_long_words=False, break_on_hyphens=False
)
CHECKS = {
    c.exercise: c
    for c in (
        dual_encoder.EncoderForward(), dual_encoder.DualEncoderForward(), tying.MakeDualEncoder(),
        collate.Collate(), recall.TopkCandidates(), recall.TopkAccuracy(), loss.InBatchLoss(), loss.MaskedLoss(),
        hard_negatives.MineHardNegatives(), experiments.ParameterGroups(),
        vector_index.FlattenFeatures(), symmetric.SymmetricLoss(), vector_index.IndexRecall(),
        at_scale.GradientCacheStep(), at_scale.CrossDeviceLoss(), shards.MergeShards(), shards.AnswerAccuracy(),
        reader.ReaderBatch(), reader.Fuse(), reader.ExactMatch(),
        distillation.PassageScores(), distillation.DistillationLoss(), distillation.CompareRankings(), one_round.OneRound(),
    )
}  # fmt: skip


def find(name):
    """Return the Check of the exercise `name`, which is an id such as "fuse" or a number such as "9.2"."""
    for c in CHECKS.values():
        if name in (c.exercise, c.number):
            return c
    raise ValueError(f"no check is called {name!r}; there are {', '.join(c.number for c in CHECKS.values())}")


def observe(check, objects, seed=PUBLISHED_SEED, trusted=False):
    """Run a check on `objects`, {name: function or class}, and return the Observation. Output of the objects is hidden.

    Random states and torch's gradient mode are restored afterwards. `trusted` is true if the objects are those of the reference
    solution. They run without a Gate (see own_work), because a Gate blocks the package's finished solutions in all threads, also
    in threads that do other work.
    """
    with hushed(), preserved_state():
        return check.observe.__wrapped__(check, objects, seed) if trusted else check.observe(objects, seed)


def verdict(name, *objects):
    """Check one exercise on the published inputs (those of PUBLISHED_SEED) and return the Verdict. Print nothing.

    name     id or number of the exercise, such as "4.1"
    objects  the student's functions or classes, in the order of the check's `names`
    """
    check = find(name)
    if len(objects) != len(check.names):
        raise TypeError(f"check({name!r}, ...) needs {', '.join(check.names)}")
    expected, mistakes = load_expected(check.exercise)
    return check.judge(observe(check, dict(zip(check.names, objects))), expected, mistakes)


class Points(float):
    """The points that a student earned in a check, as a float. nbgrader reads its text; a notebook shows its HTML, which is empty.

    Without the empty HTML, a notebook would repeat the number below the printed verdict.
    """

    def _repr_html_(self):
        return "<span></span>"


def check(name, *objects):
    """Check an exercise as `verdict` does, print the Verdict, and return the points as a float, which nbgrader reads."""
    v = verdict(name, *objects)
    print(report(find(name), v))
    return Points(v.points)


def report(check, verdict):
    """Return a Verdict as text: one line per test, and advice below each failed test. Advice is not repeated."""
    lines = [f"Exercise {check.number} {check.title}: {verdict.points:g} of {verdict.max_points:g} points"]
    if all("Not solved yet" in t.message for t in verdict.tests):
        return f"{lines[0]}\n  {verdict.tests[0].message}"
    said = set()
    for t in verdict.tests:
        lines.append(f"  {'✓' if t.passed else '✗'} {t.name}")
        advice = t.stopped or t.message
        if not t.passed:
            lines.append(indented("Same as above." if advice in said else t.message))
            said.add(advice)
    if verdict.passed:
        lines.append("  All visible tests pass. Hidden ones run the same checks on other inputs.")
    return "\n".join(lines)


__all__ = ["CHECKS", "PUBLISHED_SEED", "Check", "Verdict", "check", "find", "observe", "report", "verdict"]
