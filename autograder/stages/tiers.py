"""Makes the tiers of the student notebooks from the one source of a stage. A tier says how much of each answer is given.

    guided     the steps of each answer, with their decisive parts left open; hints are unfolded
    standard   signature, docstring and folded hints: the notebooks in notebooks/
    challenge  signature and docstring only, and no hints

In every tier, the cells have the same ids, first lines (`# exercise: ID`) and points. The grader therefore needs no option for
the tier. The tiers differ in the code of the exercise cells and, in Markdown cells, in the hints and the links to Colab.
"""

import re

from autograder.nbgrader_settings import nbgrader_settings
from autograder.stages import scaffolds
from autograder.stages.source import marked_up_source, without_markers

TIERS = ("guided", "standard", "challenge")
HINT = re.compile(r"\n*<details>(<summary>Hint \d+</summary>.*?</details>)", re.DOTALL)
HINTS = "- **Hints** open on a click: first a nudge, then pseudocode."  # the sentence on hints in stage 00
ABOUT = {
    "guided": "- **Hints** are below each exercise: first a nudge, then pseudocode. In its cell, write your code in place of each `OPEN`.",
    "challenge": "- There are no hints: the text of an exercise and the docstring in its cell say all that it takes.",
}
# Links to Colab. They open the notebooks under the git tag of the course's version, which are those of the standard tier.
COLAB = re.compile(r"\s*\[!\[Open in Colab\]\([^)]*\)\]\([^)]*\)| \(\[in Colab\]\([^)]*\)\)")


class TierError(ValueError):
    """Raised if the name of a tier is unknown. The message lists the tiers."""


def known(tier):
    """Return `tier` unchanged if it is the name of a tier. Otherwise raise TierError."""
    if tier not in TIERS:
        raise TierError(f"there is no tier {tier!r}: choose one of {', '.join(TIERS)}")
    return tier


def code_stub():
    """Return the code that replaces an answer in the standard tier. It raises NotImplementedError."""
    return nbgrader_settings().ClearSolutions.code_stub["python"]


def blank_cell(exercise, tier):
    """Return the code of an unsolved exercise cell as students of this tier get it, without the first line "# exercise: ID"."""
    source = marked_up_source(exercise)
    if known(tier) == "guided":
        return scaffolds.guided(source)
    if tier == "challenge":
        return scaffolds.challenge(source, code_stub())
    return scaffolds.without_solution(scaffolds.without_marks(source), code_stub())


def solved_cell(exercise, tier):
    """Return the code of an exercise cell of this tier after a student has solved it with the code of the reference."""
    source = marked_up_source(exercise)
    return scaffolds.filled(source) if known(tier) == "guided" else without_markers(scaffolds.without_marks(source))


def prose(source, tier):
    """Return the text that a Markdown cell has in this tier. `source` is its text in the standard tier.

    The guided and the challenge tier have no links to Colab. The guided tier unfolds the hints, the challenge tier has none.
    """
    if known(tier) == "standard":
        return source
    source = COLAB.sub("", source).replace(HINTS, ABOUT[tier])
    return HINT.sub("" if tier == "challenge" else lambda m: m[0].replace("<details>", "<details open>"), source)
