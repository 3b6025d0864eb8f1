"""The statements in the prose of stage 00 about the outputs of its cells."""

import re

from claims import Claim, numbers

CLAIMS = [
    Claim(
        "The course comes with 1,500 short passages, written for it in the style of an encyclopedia, and 1,500 questions as people type them: 500 for training and 1,000 for validation.",
        "track.load_data()",
        lambda out: numbers(out) == [500, 1000, 1500],
    ),
    Claim(
        "Some articles are split into several passages. The same title does not mean the same passage.",
        "per_title.most_common",
        lambda out: numbers(out)[0] > 0 and len(set(out.strip().splitlines()[1:])) > 1,
    ),
    Claim(
        "The mask is 1 on tokens and 0 on padding.",
        'tokenizer(["Io", "Europa"]',
        lambda out: all(
            mask.count("1") == len(ids.split(", ")) - ids.count("[PAD]") and mask.count("0") == ids.count("[PAD]")
            for ids, mask in re.findall(r"^\[(.+)\] \[(.+)\]$", out, re.MULTILINE)
        ),
    ),
    Claim(
        "Most of these passages lose their end",
        "from dpr_course.embed import as_read",
        lambda out: numbers(out)[0] > numbers(out)[1] / 2,
    ),
    Claim(
        "for about one question in ten the answer is behind the cut.",
        "from dpr_course.embed import as_read",
        lambda out: 0.07 < numbers(out)[3] / numbers(out)[4] < 0.15,
    ),
    Claim(
        "The toy consists of three questions and four passages, small enough to print in full.",
        "print_toy()",
        lambda out: out.count("question ") == 3 and out.count("\npassage ") == 4,
    ),
    Claim(
        'It shares four words with Io ("is", "moon", "with" and "volcanoes") and four with Europa ("is", "moon", "covered" and "with"). Counting cannot tell which word matters.',
        'name="00_first_scores"',
        lambda out: "volcanoes: 4, 1, 0, 4;" in out and "for 2 of 3 questions" in out,
    ),
]

NOT_ABOUT_AN_OUTPUT = [
    "Siblings share many words, so a retriever confuses them.",
    # other stages
    "| 08 | a batch larger than memory, a search in shards | the same results as without chunks and shards |",
    # what the words mean
    "An encoder reads at most a fixed number of tokens, and a longer text is truncated there.",
    "The encoder never reads that answer, but it can still find the passage by the words before the cut.",
    # how to work
    "Run it as often as you like.",
]
