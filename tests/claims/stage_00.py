"""What the prose of stage 00 claims about its outputs."""

from claims import Claim, numbers, output, row  # noqa: F401

CLAIMS: list[Claim] = []

NOT_ABOUT_AN_OUTPUT = [
    "| 08 | a batch larger than memory, a search in shards | the same results as in one piece |",
    "1,500 short passages, written for this course in the style of an encyclopedia, and 1,500 questions as people type them: 500 to train on, 1,000 to measure with.",
    "The same title does not mean the same passage.",
    "The mask is 1 on tokens and 0 on padding.",
    "What stands behind the cut cannot be found.",
    "Three questions and four passages, small enough to print in full.",
    'Io and Europa share four words each with it: "is", "moon", "with" and "volcanoes" on one side, "is", "moon", "covered" and "with" on the other.',
    "Run it as often as you like.",
    "| passage | a text of about 100 words, with a title |",
    "| tied, untied | one set of weights for both sides, or two |",
    "| approximate search | looks at some of the vectors only |",
    "| gradient cache | the gradient of a large batch, a few texts at a time |",
]
