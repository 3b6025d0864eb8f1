"""Makes batches that hold some passages twice, for exercise 4.2, and says how a student's loss treats each score.

The right loss masks the scores between a question and the copies of its gold passage: they do not count as negatives. A batch
has B questions and N passages with token ids P (N, T) and mask P_mask (N, T); labels[i] is the row of question i's gold
passage.
"""

import numpy as np
import torch

from dpr_course.checks.fixtures import padded_ids

COPY = "a copy that is "  # how `cells` begins the name of a copy of a question's gold passage
OTHERS = "a copy of another question's gold passage"
PLAIN = "a passage with other tokens"


def copies_in(rng):
    """Return (P, P_mask, labels, copies) of a batch with 4 questions and 8 passages; P and P_mask are (8, T), labels (4,).

    copies is a boolean tensor (4, 8). copies[i, j] is true if row j of P is a copy of question i's gold passage. It is false
    for the gold passage's own row, labels[i].
    """
    # Questions 0 and 2 share a gold passage (rows 0 and 4). Question 3's hard negative (row 6) is question 1's gold (row 2).
    # Near copies: row 1 is the beginning of row 0, row 3 has the tokens of row 0 in another order, row 5 is row 2 with another
    # last token, and row 7 is row 0 with two more tokens at the end.
    labels, copies = torch.tensor([0, 2, 4, 5]), torch.zeros(4, 8, dtype=torch.bool)
    copies[0, 4] = copies[2, 0] = copies[1, 6] = True
    while True:
        P, P_mask = padded_ids(rng, [6, 4, 8, 6, 6, 8, 8, 8])
        P[4], P[6], P[1, :4], P[3, 1:6], P[5, :7] = P[0], P[2], P[0, :4], P[0, 1:6].flip(0), P[2, :7]
        P[5, 7], P[7, :6] = 5 + (P[2, 7] - 4) % 35, P[0, :6]
        if not torch.equal(P[3], P[0]):
            return P, P_mask, labels, copies


def long_copies_in(rng):
    """Return (P, P_mask, labels) of a batch with 16 questions and 40 long passages; P and P_mask are (40, 100).

    The token ids are as large as BERT's. Row i, from 0 to 15, is the gold passage of question i, and row 16 + i is a copy of
    it. Row 32 + i, for i from 0 to 7, equals row i except for one token at position 17 or later, whose id is larger by 1.
    """
    P = torch.tensor(rng.integers(1000, 30_000, (40, 100)))
    P[:, 0] = 101
    P[16:32], P[32:] = P[:16], P[:8]
    places = torch.tensor(rng.permutation([17, 33, 48, 64, 80, 96, 98, 99]))
    P[torch.arange(32, 40), places] += 1
    return P, torch.ones_like(P), torch.arange(16)


def cells(b):
    """Return a text that says, for each question of the batch `b`, what each passage is, such as "the gold passage itself".

    There is one line per question. It has one phrase per passage, in the order of P, separated by ";".
    """
    golds = set(b.labels.tolist())
    rows = [r[: int(n)] for r, n in zip(b.P.tolist(), b.P_mask.sum(1))]

    def word(i, j):
        gold = int(b.labels[i])
        if j == gold:
            return "the gold passage itself"
        if rows[j] == rows[gold]:
            return COPY + ("another question's gold passage" if j in golds else "another question's hard negative")
        if any(rows[j] == rows[g] for g in golds - {j}):
            return OTHERS
        if rows[j] == rows[gold][: len(rows[j])]:
            return "the beginning of the gold passage"
        if rows[gold] == rows[j][: len(rows[gold])]:
            return "a longer passage that begins with the gold passage's tokens"
        if sorted(rows[j]) == sorted(rows[gold]):
            return "a passage with the gold passage's tokens in another order"
        return "a passage that begins like the gold passage" if rows[j][:3] == rows[gold][:3] else PLAIN

    return "\n".join(";".join(word(i, j) for j in range(len(rows))) for i in range(len(b.labels)))


def about_cells(seen, expected):
    """Return a sentence about scores that a student's loss masks, or does not mask, by mistake; "" if all are right.

    `seen` and `expected` are the observations of the student's and of the reference's loss. Their "cells.are" is what `cells`
    returned. Their "cells.part" holds, for each score, the sign of the loss's gradient: 1 if the passage counts as a wrong
    answer, -1 if it counts as the right one, and 0 if the score is masked.
    """
    have, want = np.asarray(seen["cells.part"]), np.asarray(expected["cells.part"])
    words = np.array([line.split(";") for line in seen["cells.are"].split("\n")])
    if have.shape != want.shape or (have == want).all():
        return ""

    def named(wrong):
        return " and ".join(sorted(set(words[wrong].tolist())))

    if (have == -want).all():
        return "The loss falls where the gold passage scores less: are the scores, or the loss, negated?"
    if (extra := (want >= 0) & (have < 0)).any():
        return f"A passage besides the gold one is treated as a right answer: {named(extra)}."
    if (gold := (want < 0) & (have >= 0)).any():
        all_of = "every question" if gold.sum() == len(want) else f"{gold.sum()} of {len(want)} questions"
        return f"The gold passage itself is masked, has no part in the loss, or counts as wrong, for {all_of}."
    said = []
    if (missed := (want == 0) & (have > 0)).any():
        which = (
            named(missed) if not (have[want == 0] == 0).any() else f"{named(missed)} ({missed.sum()} of {(want == 0).sum()} copies)"
        )
        said.append(f"Still counted as a negative: {which}.")
    if (masked := (want > 0) & (have == 0)).any():
        said.append(f"Masked by mistake: {named(masked)}.")
    return " ".join(said)
