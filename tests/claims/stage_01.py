"""What the prose of stage 01 claims about its outputs."""

from claims import Claim, numbers, output, row  # noqa: F401

CLAIMS: list[Claim] = []

NOT_ABOUT_AN_OUTPUT = [
    "A **dual encoder** makes that possible: passages are turned into vectors once, in advance; a question becomes a vector too; the best passage is the one with the highest dot product.",
    "Two encoders, one score:",
    "Three questions and four passages will follow us through all stages.",
    "The tokenizer cuts a text into word pieces, puts `[CLS]` in front and `[SEP]` behind, and pads the batch with zeros.",
    "The **mask** is 1 on real tokens and 0 on padding.",
    "The vectors of the three questions, as rows of colour.",
    "DPR trains two separate encoders (**untied**): questions and passages look different, so each side gets its own weights.",
    "One shared encoder (**tied**) has half the parameters.",
    "Both start from the same pre-trained weights.",
    "Before any training on questions the scores say little: they differ by a few percent only.",
]
