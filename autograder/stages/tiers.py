"""The tiers of a release, all from the one source of a stage: how much of each exercise is given.

    guided     the steps of each answer, with their decisive parts left open; hints are unfolded
    standard   signature, docstring and folded hints: the notebooks in notebooks/
    challenge  signature and docstring only, and no hints

Every tier has the same cells, with the same ids, markers and points. Only the texts of the exercises differ, and the hints and Colab
links in the prose. The grader therefore needs no option for the tier.
"""

import re

from autograder.nbgrader_settings import nbgrader_settings
from autograder.stages import scaffolds
from autograder.stages.source import marked_up_source, without_markers

TIERS = ("guided", "standard", "challenge")
HINT = re.compile(r"\n*<details>(<summary>Hint \d+</summary>.*?</details>)", re.DOTALL)
HINTS = "- **Hints** open on a click: first a nudge, then pseudocode."  # as stage 00 describes the standard tier
ABOUT = {
    "guided": "- **Hints** are below each exercise: first a nudge, then pseudocode. In its cell, write your code in place of each `OPEN`.",
    "challenge": "- There are no hints: the text of an exercise and the docstring in its cell say all that it takes.",
}
# Colab opens the notebooks of the version's tag, and these are the standard ones.
COLAB = re.compile(r"\s*\[!\[Open in Colab\]\([^)]*\)\]\([^)]*\)| \(\[in Colab\]\([^)]*\)\)")


class TierError(ValueError):
    """Raised if there is no such tier. The message lists the tiers."""


def known(tier):
    """Return `tier`. Raises TierError if there is none of this name."""
    if tier not in TIERS:
        raise TierError(f"there is no tier {tier!r}: choose one of {', '.join(TIERS)}")
    return tier


def code_stub():
    """Return the lines that replace an answer in the standard tier."""
    return nbgrader_settings().ClearSolutions.code_stub["python"]


def blank_cell(exercise, tier):
    """Return the code of an exercise as students of this tier get it, without the first line, which marks it."""
    source = marked_up_source(exercise)
    if known(tier) == "guided":
        return scaffolds.guided(source)
    if tier == "challenge":
        return scaffolds.challenge(source, code_stub())
    return scaffolds.without_solution(scaffolds.without_marks(source), code_stub())


def solved_cell(exercise, tier):
    """Return the code of an exercise as a student of this tier hands it in, solved as the reference solves it."""
    source = marked_up_source(exercise)
    return scaffolds.filled(source) if known(tier) == "guided" else without_markers(scaffolds.without_marks(source))


def prose(source, tier):
    """Return the text of a Markdown cell of a standard notebook as it is in this tier."""
    if known(tier) == "standard":
        return source
    source = COLAB.sub("", source).replace(HINTS, ABOUT[tier])
    return HINT.sub("" if tier == "challenge" else lambda m: m[0].replace("<details>", "<details open>"), source)
