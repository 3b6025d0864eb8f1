"""The statements in the prose of stage 01 about the outputs of its cells."""

import re

from claims import Claim, numbers, row


def zero_where_padded(out):
    """Return whether the printed ids and mask agree: the mask is 0 exactly where the id is 0 (padding), and there is padding.

    `out` holds two printed tensors of the same shape, first the ids, then the mask.
    """
    rows = [re.findall(r"\d+", line) for line in re.findall(r"\[+([\d, ]+)\]", out)]
    ids, mask = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    return all(m == ["0" if i == "0" else "1" for i in r] for r, m in zip(ids, mask)) and any("0" in r for r in ids)


def scores_of(out):
    """Return the scores in the alt text of the picture of a small score matrix, row by row in one list."""
    return [v for cells in re.findall(r": ((?:-?[\d.]+, )+-?[\d.]+);", out) for v in numbers(cells)]


CLAIMS = [
    Claim(
        "We use these three questions and four passages in every stage.",
        "print_toy()",
        lambda out: out.count("question ") == 3 and out.count("\npassage ") == 4,
    ),
    Claim("and pads the batch with zeros", "Q, Q_mask = batch.input_ids", zero_where_padded),
    Claim("The **mask** is 1 on real tokens and 0 on padding.", "Q, Q_mask = batch.input_ids", zero_where_padded),
    Claim(
        "Before training the vectors point nearly the same way: the **cosine**, the dot product of two vectors after each is scaled to length 1, is close to 1 for every pair.",
        "directions @ directions.T",
        lambda out: len(numbers(out)) == 9 and all(0.8 < v < 1.0001 for v in numbers(out)),
    ),
    Claim(
        "One shared encoder (**tied**) has half the parameters.",
        "million parameters",
        lambda out: abs(row(out, "untied")[0] / row(out, "tied")[0] - 2) < 0.02,
    ),
    Claim(
        "Before any training on questions the scores say little: the lowest and the highest differ by less than a tenth of the highest.",
        'name="01_untrained_scores"',
        lambda out: len(scores_of(out)) == 12 and min(scores_of(out)) > 0 and max(scores_of(out)) / min(scores_of(out)) < 1.1,
    ),
]

NOT_ABOUT_AN_OUTPUT = [
    # what the words mean
    "A **dual encoder** makes that possible: it turns every passage into a vector once, in advance. At search time it turns the question into a vector too, and the best passage is the one with the highest dot product.",
    "Two encoders, one score:",
    "DPR trains two separate encoders (**untied**): questions and passages look different, so each side gets its own weights.",
    "Both start from the same pre-trained weights.",
    # what is shown, without a number
    "The cosines below compare the vectors of the three questions.",
    "The small differences that remain tell the texts apart.",
    "each vector minus the **mean** of the three.",
    # the answer to the question
    "they cannot be compared with questions that the new one encodes.",
    "We take a single training step on *questions only*.",
    "The index that you build in stage 07 refuses vectors from another encoder.",
]
