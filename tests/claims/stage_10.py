"""The statements in the prose of stage 10 about the outputs of its cells."""

import re

from claims import Claim, numbers, row

BANDS = 'shown = {"uniform"'
AFTER = 'after = {"nce"'


def recorded(out):
    """Return {label of the teacher: mean R@1 in percent}, as printed."""
    return {label.strip(): float(v) for label, v in re.findall(r"^(.+?) +R@1 +([\d.]+)$", out, re.M)}


def gold_first(out):
    """Return two lists [mean, low end, high end], first for BM25, then for the reader, as printed.

    The numbers are the percentage of questions for which BM25 or the reader puts the gold passage first, and its interval.
    """
    return [numbers(line.split("first for")[1].replace("%", "")) for line in out.splitlines() if "first for" in line]


CLAIMS = [
    Claim(
        "There is a trap in PyTorch: `F.kl_div` averages by default over all B·n *elements*, which makes the loss n times too small.",
        "kl_div's default",
        lambda out: abs(numbers(out)[0] / numbers(out)[1] - 4) < 0.01,
    ),
    Claim(
        "| **average top-k**: the share of the pupil's first k among the teacher's first k | of 2, 0 only 0: **0.5** |",
        "pairs = [compare_rankings",
        lambda out: "(2, 0.5, 3)" in out,
    ),
    Claim(
        "The example of the table, and chance: what two random orders of five passages give.",
        "pairs = [compare_rankings",
        lambda out: abs(numbers(out.split("k = 2:")[1])[0] - 5) < 0.3 and abs(numbers(out.split("k = 2:")[1])[1] - 0.4) < 0.05,
    ),
    Claim(
        "Without one label, the pupil finds more after two rounds than the untrained encoder; more questions and more epochs would widen the gap.",
        "samples = questions",
        lambda out: row(out, "round 2")[3] > row(out, "untrained")[3],
    ),
    Claim(
        "Over a question's **own** passages, equal shares make all scores alike, so the pupil even loses what the untrained encoder could do.",
        (BANDS, "samples = questions"),
        lambda out, live: recorded(out)["uniform"] < row(live, "untrained")[0],
    ),
    Claim(
        "With this loss the teacher matters: BM25's own scores teach more than the reader's.",
        BANDS,
        lambda out: recorded(out)["BM25's scores"] > recorded(out)["reader"] > recorded(out)["uniform"],
    ),
    Claim(
        "That is worth more than all that the reader adds; with either teacher R@1 is lower than without one.",
        BANDS,
        lambda out: (
            recorded(out)["uniform, in the batch"]
            > max(recorded(out)["BM25's scores, in the batch"], recorded(out)["reader, in the batch"])
        ),
    ),
    Claim(
        "It puts the gold passage first less often than BM25 does:",
        'for name, label in (("bm25"',
        lambda out: gold_first(out)[0][1] > gold_first(out)[1][2],
    ),
    Claim(
        "A weak teacher does harm: the pupil unlearns what the labels had taught it.",
        AFTER,
        lambda out: numbers(out.split("seed by seed:")[1])[0] < 0 and numbers(out.split("seed by seed:")[1])[3] < 0,
    ),
]

NOT_ABOUT_AN_OUTPUT = [
    "A reader that was trained on questions and answers alone already looks at some passages more than at others.",
    "| 2. learn | retriever, the **pupil** | weights with which it scores these passages as the reader does |",
    "As in stage 09, we train the reader for a short while: on 300 questions, their answers and three passages each that BM25 found.",
    "The reader is not told which passage is gold; only the spelling of the answer is taken from that passage.",
    "The scores of the toy's passages, as a softmax over the four.",
    "For each of 100 validation questions, BM25 finds ten passages.",
    "Labels are used here to *judge* the teacher; it never sees them.",
    "The weights after the softmax give another score: of each passage, only the token with the largest weight counts.",
    "A pupil may become better than its teacher, but what the teacher does not know, it cannot teach.",
    "With Adam it hardly matters; with gradient clipping it does.",
    "Three measures for one question's passages, without any label.",
    "Number them in the teacher's order: 0 is its best.",
    "Three functions do the work: the reader reads, the retriever learns, the retriever retrieves.",
    "The published code keeps a question's passages sorted by the teacher's score, best first.",
    "The pupil starts untrained, learns for two epochs, and then finds five passages for each question by itself.",
    "Two other teachers read nothing.",
    "One gives every passage the same share; the other gives BM25's own scores.",
    "These are recorded runs over several seeds, all with two epochs on the same passages: R@1 by teacher.",
    "Compare runs with the same loss in pairs.",
    "**In the batch**, equal shares already say something: *what BM25 found for me is right, what it found for others is wrong*.",
    'Whoever reports that "distillation lifts R@1" has shown nothing about the reader until equal shares were tried, on the same passages with the same loss.',
    "In the published work the reader has 220 million parameters and reads 100 passages per question.",
    "The loop is the same: run it with `DPR_READER=t5-base` on a GPU, and look at the control first.",
    "Where there are labels, the loop can go on from them: the pupil begins as the retriever of stage 04 (NCE) and learns from the reader for two epochs.",
    "For the comparison, NCE too is trained for two epochs more, with a separate warm-up.",
    "Then give `learn` the loss `in_batch_distillation_loss` of `dpr_course.reader.distill`, and compare all three teachers again.",
    "<details><summary>An answer</summary>That needs one run of the decoder per passage, each with that passage alone, so the passages would no longer be read together.",
]
