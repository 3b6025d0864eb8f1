"""The statements in the prose of stage 09 about the outputs of its cells."""

import re

from claims import Claim, numbers

EM = "answers_against_n(em"
COST = "cost_curves(costs"


def moved(out):
    """Return two matrices (lists of rows) from the picture's alt text: how far each vector moves if one passage changes.

    In the first matrix the passages are encoded one by one (fused), in the second as one long text. In row i, passage i changes.
    """
    fused, long = re.search(r"Fused: (.*) One long text: (.*)", out).groups()
    return [[numbers(row.rsplit(": ", 1)[1]) for row in panel.rstrip(".").split("; ")] for panel in (fused, long)]


def exact(out):
    """Return {number of passages: (exact match, low end, high end, ceiling)}, all in percent, as printed.

    The ends are those of the 95 % interval. The ceiling is the share of questions whose passages contain the answer.
    """
    return {
        int(n): (float(v), *numbers(rest))
        for n, v, rest in re.findall(r"^ *(\d+) passages: exact match +([\d.]+) (.*)$", out, re.M)
    }


CLAIMS = [
    Claim(
        "The toy's batch, with three rows per question where only two passages were found; below it, the labels.",
        "token_map(mask.view",
        lambda out: "ids (3, 3, " in out and "-100" in out,
    ),
    Claim(
        "The **encoder** never sees two passages together; the **decoder** sees all.",
        "seen = {",
        lambda out: all((v == 0) == (i != j) for i, row in enumerate(moved(out)[0]) for j, v in enumerate(row)),
    ),
    Claim(
        "The two ways are equal only where there is one passage.",
        "seen = {",
        lambda out: min(v for row in moved(out)[1] for v in row) > 0 and len(moved(out)[1]) == 4,
    ),
    Claim(
        "You will build Fusion-in-Decoder (FiD), whose cost grows only linearly with the number of passages. Then you train it and measure how often it is right.",
        COST,
        lambda out: min(numbers(out.split("12 passages as one long text")[1])) > 1.2,
    ),
    Claim(
        "Every token of a text attends to every other: a text of n·L tokens costs n²·L² products, n texts of L tokens only n·L².",
        COST,
        lambda out: numbers(out.split("12 passages as one long text")[1])[0] > 1.2,
    ),
    Claim(
        "With nothing to read, hardly any answer is right: the reader has no knowledge of its own, it reads.",
        EM,
        lambda out: exact(out)[0][0] < 5 and exact(out)[5][0] > 10,
    ),
    Claim(
        "The **ceiling** is the retriever's: an answer that was not found cannot be read.",
        EM,
        lambda out: all(v[0] <= v[3] for n, v in exact(out).items() if n),
    ),
    Claim(
        "The band is the 95 % interval that comes from asking these questions and no others.",
        EM,
        lambda out: all(low <= v <= high for v, low, high, _ in exact(out).values()),
    ),
    Claim(
        "**Gradient checkpointing** (`--use_checkpoint` in FiD) keeps only the input of each layer and computes the inside again.",
        ("(loss, g), (other_loss, other_g)", "for way, cost in json.loads"),
        lambda same, cost: (
            float(same.split()[-1]) < 1e-3
            and abs(float(re.findall(r"loss ([\d.]+)", same)[0]) - float(re.findall(r"and ([\d.]+)", same)[0])) < 1e-3
            and (mb := [float(n.replace(",", "")) for n in re.findall(r"([\d,]+) MB", cost)])[0] < mb[1]
        ),
    ),
]

NOT_ABOUT_AN_OUTPUT = [
    "The course ships the same reader after six epochs on all 500 questions, which take several minutes: `data_scripts/finetune_reader.py` made it.",
    "It read pseudo-questions too, made from the passages by rule, and its weights are the mean of three such runs ([Wortsman et al. 2022](https://arxiv.org/abs/2203.05482)).",
    "Now each question is answered from nothing, and from 1 to 20 passages.",
    "For \"where was the director of this film born\", only the film's passage says whom to look for in the director's passage.",
    "One passage can be the wrong one, so a good reader reads many at once.",
    "| B questions with n passages each, as texts of at most L tokens | (B, n, L) |",
    "As in FiD's data files, a sample's passages are the list `ctxs`, best first, and `target` is the answer to learn.",
    "So FiD encodes the passages **one by one**. Only the decoder looks at all of them, and it writes just a few tokens.",
    "The next cell changes a word in one passage and measures how far the vectors of each passage move: with your function, and with the same tokens as one long text, (B, 1, n·L).",
    "Readers are measured by **exact match** (EM): the answer must *equal* one of the right ones, once both are **normalised** ([Rajpurkar et al. 2016](https://arxiv.org/abs/1606.05250)).",
    "The four steps, in this order:",
    "1. lower case;",
    "4. each run of blanks becomes one blank, and none stays at the ends.",
    "So data sets list several spellings of an answer, and a reader whose wording is not among them loses points.",
    "The reader has never seen a question.",
    "To save time, we train it here for **one epoch** on half of the training questions, with the five passages that BM25 found for each.",
    "No passage sees another, so the vectors of the first n passages are the same whatever follows them.",
    "To make fewer slips, `write` with `spans` allows only runs of words that are in one of the passages: a small reader copies better than it spells.",
    "Then nothing was shown about which is better.",
    "Reading both should help *there*.",
    "The next cell looks at the **probability** that the reader gives to a right answer, from either passage alone and from both, and shows the question that gains most by having both passages.",
    "As a control, other questions get their gold passage and BM25's best passage that is not gold.",
    "The weights exist with `eager` attention only: with T5's default the list that comes back is empty, without a warning.",
    "With dropout on, the same numbers must be dropped: PyTorch replays the random state for you.",
    "The decoder sees all passages together, but the encoder reads each passage alone.",
    "Only the few layers of the decoder can put the two together.",
    "Comparing and counting across passages are hard for the same reason.</details>",
]
