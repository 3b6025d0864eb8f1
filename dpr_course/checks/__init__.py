"""The checks of the exercises, which give their verdict at once: `check("4.1", get_in_batch_contrastive_loss)`.

One file per stage, one class per exercise:

    dual_encoder     stage 01, encoding
    tying            stage 01, making the model
    collate          stage 02
    recall           stage 03
    loss             stage 04
    hard_negatives   stage 05
    experiments      stage 06
    vector_index     stage 07
    at_scale         stage 08, training
    shards           stage 08, search
    reader           stage 09
    distillation     stage 10

What they share:

    core             the check of an exercise: observe, then judge
    notes            sentences on what is wrong with a result
    reader_notes     such sentences for stage 09
    compare          what differs, and which known mistake it is
    findings         sentences on a difference that no known mistake explains
    own_work         refuses the package's finished versions as answers
    closed_books     refuses files that hold answers
    loss_findings    findings on losses
    fixtures         the inputs of the checks
    copies           batches in which passages occur twice
    expected         pinned values, written by `python -m autograder pin`
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
    reader,
    recall,
    shards,
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
        vector_index.FlattenFeatures(), vector_index.SymmetricLoss(), vector_index.IndexRecall(),
        at_scale.GradientCacheStep(), at_scale.CrossDeviceLoss(), shards.MergeShards(), shards.AnswerAccuracy(),
        reader.ReaderBatch(), reader.Fuse(), reader.ExactMatch(),
        distillation.PassageScores(), distillation.DistillationLoss(), distillation.CompareRankings(), distillation.OneRound(),
    )
}  # fmt: skip


def find(name):
    """Return the check of the exercise `name`, an id or a number such as "4.1"."""
    for c in CHECKS.values():
        if name in (c.exercise, c.number):
            return c
    raise ValueError(f"no check is called {name!r}; there are {', '.join(c.number for c in CHECKS.values())}")


def observe(check, objects, seed=PUBLISHED_SEED, trusted=False):
    """Run `check.observe` without output, and without an effect on seeds or settings.

    trusted: whether the objects are the reference's. They run without a Gate (see own_work), so that other threads can go on using
    the package.
    """
    with hushed(), preserved_state():
        return check.observe.__wrapped__(check, objects, seed) if trusted else check.observe(objects, seed)


def verdict(name, *objects):
    """Judge the student's objects on the published inputs. Returns a Verdict and prints nothing."""
    check = find(name)
    if len(objects) != len(check.names):
        raise TypeError(f"check({name!r}, ...) needs {', '.join(check.names)}")
    expected, mistakes = load_expected(check.exercise)
    return check.judge(observe(check, dict(zip(check.names, objects))), expected, mistakes)


class Points(float):
    """The points of a check, a float. nbgrader reads the number as text. A notebook shows the HTML instead, which is empty because
    the verdict is printed already."""

    def _repr_html_(self):
        return "<span></span>"


def check(name, *objects):
    """Check an exercise, print one line per test, and return the points, a float (nbgrader reads it)."""
    v = verdict(name, *objects)
    print(report(find(name), v))
    return Points(v.points)


def report(check, verdict):
    """Return the verdict as text: one line per test, and advice under each test that failed. Advice is given only once."""
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
