"""Measures the texts: false negatives, mined gold passages, titles, truncation.

A false negative is a passage that counts as a negative of a question, but is a copy of the question's gold passage or
holds an answer.
"""

import random
import re
from collections import Counter

from dpr_course.text import has_answer

NEAR = 0.7  # share of common words at which two passages count as copies of one another
BATCHES = 12  # most batches that are drawn


def words(text):
    """Return the set of words of a text, in lower case."""
    return frozenset(re.findall(r"\w+", text.lower()))


class Texts:
    """Compares passages by their words. The words of a passage are found at its first use and then kept."""

    def __init__(self):
        self._words = {}

    def of(self, passage):
        key = (passage["id"], passage["text"])
        if key not in self._words:
            self._words[key] = words(passage["text"])
        return self._words[key]

    def copies(self, a, b):
        """Return whether the passages a and b are copies: they have the same text, or most of their words in common.

        "Most" is a Jaccard similarity of at least NEAR.
        """
        A, B = self.of(a), self.of(b)
        if not A or not B or min(len(A), len(B)) < NEAR * max(len(A), len(B)):
            return A == B and a["text"] == b["text"]
        return len(A & B) >= NEAR * len(A | B)


def measure_batches(case, seed=0):
    """Return measures of false negatives in random batches: passages of one question that answer another question.

    Return {} if a batch has fewer than two questions.

    duplicates      share of the questions for which another question in the batch has a copy or near copy of their gold passage
    exact           the same share, but counting only copies with equal title and text, which a loss can recognise and leave out
    bearing         share of the pairs (question, passage of another question) in which the passage holds an answer and is not a
                    copy of the gold passage
    bearing_questions  share of the questions with at least one such passage
    chance          the share `bearing` if the passages are drawn at random from all passages that are searched
    batch_size, questions, pairs   size of the batches, and how many questions and pairs were measured
    """
    rng, B = random.Random(seed), min(case.settings.batch_size or 32, len(case.train))
    if B < 2:
        return {}
    texts, count = Texts(), Counter()
    for _ in range(max(1, min(BATCHES, 400 // B))):
        samples = rng.sample(case.train, B)
        for i, s in enumerate(samples):
            others = [t["gold_context"] for j, t in enumerate(samples) if j != i]
            if case.settings.hard is not False:
                others += [t["hard_negative"] for j, t in enumerate(samples) if j != i and "hard_negative" in t]
            gold = s["gold_context"]
            copy = [texts.copies(gold, p) for p in others]
            bearing = sum(not c and has_answer(p["text"], s["answers"]) for c, p in zip(copy, others))
            count.update(questions=1, duplicates=any(copy), pairs=len(others), bearing=bearing, hit=bearing > 0)
            count["exact"] += any((p["title"], p["text"]) == (gold["title"], gold["text"]) for p in others)
            drawn = rng.sample(case.passages, min(len(case.passages), 16))
            count["drawn"] += len(drawn)
            count["chance"] += sum(not texts.copies(gold, p) and has_answer(p["text"], s["answers"]) for p in drawn)
    n = count["questions"]
    return {
        "questions": n, "batch_size": B, "duplicates": count["duplicates"] / n, "exact": count["exact"] / n,
        "bearing": count["bearing"] / max(1, count["pairs"]), "bearing_questions": count["hit"] / n,
        "chance": count["chance"] / max(1, count["drawn"]), "pairs": count["pairs"],
    }  # fmt: skip


def measure_mined(case):
    """Return measures of the hard negatives of the training samples; {} if there are none.

    negatives  number of hard negatives
    golds      share of them that are the question's own gold passage: equal id and first 50 characters, or nearly the same words
    bearing    share of them that are not the gold passage, but hold an answer
    also       share of them that are not the gold passage, but are in the sample's field "also", which lists other passages
               that answer the question
    """
    mined = [s for s in case.train if "hard_negative" in s]
    if not mined:
        return {}
    texts, count = Texts(), Counter()
    for s in mined:
        gold, p = s["gold_context"], s["hard_negative"]
        own = p["id"] == gold["id"] and p["text"][:50] == gold["text"][:50] or texts.copies(gold, p)
        count.update(
            golds=own, bearing=not own and has_answer(p["text"], s["answers"]), also=not own and p["id"] in s.get("also", ())
        )
    n = len(mined)
    return {"negatives": n} | {name: count[name] / n for name in ("golds", "bearing", "also")}


def measure_titles(case):
    """Return {"train", "passages"}: the shares of the training gold passages and of the searched passages that have a title."""
    golds = [s["gold_context"] for s in case.train]
    return {
        name: sum(bool(p["title"].strip()) for p in some) / max(1, len(some))
        for name, some in (("train", golds), ("passages", case.passages))
    }


def measure_truncation(sample):
    """Return how much of the sample's gold passages is cut off at `max_length` tokens; {} if the tokenizer is not a fast one.

    questions   number of questions, each with its gold passage
    answers     share of the gold passages that hold an answer
    cut         share of the gold passages with an answer in which every answer is cut off
    tokens_cut  share of the gold passages in which any text is cut off
    r1_kept     R@1 (in percent) on the questions whose gold passage keeps an answer
    r1_cut      R@1 (in percent) on the questions whose gold passage loses all answers
    max_length  number of tokens at which passages are cut
    """
    case = sample.case
    if not getattr(case.tokenizer, "is_fast", False):
        return {}
    golds = [sample.passages[int(g)] for g in sample.gold]
    read = read_texts(case, golds)
    held = [has_answer(p["text"], s["answers"]) for p, s in zip(golds, sample.samples)]
    cut = [h and not has_answer(text, s["answers"]) for h, text, s in zip(held, read, sample.samples)]
    right = sample.right().tolist()
    some = {flag: [r for r, h, c in zip(right, held, cut) if h and c is flag] for flag in (True, False)}
    return {
        "questions": len(golds), "answers": sum(held) / len(golds), "cut": sum(cut) / max(1, sum(held)),
        "tokens_cut": sum(len(text) < len(p["text"].rstrip()) for text, p in zip(read, golds)) / len(golds),
        "r1_kept": 100 * sum(some[False]) / max(1, len(some[False])), "r1_cut": 100 * sum(some[True]) / max(1, len(some[True])),
        "max_length": case.max_length,
    }  # fmt: skip


def read_texts(case, passages):
    """Return, for each passage, what is left of its text when the passage is cut at the case's max_length."""
    options = dict(truncation=True, max_length=case.max_length, return_offsets_mapping=True)
    if case.style == "pair":
        pairs = case.tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
        part, fronts = 1, [""] * len(passages)
    else:
        fronts = [f"{p['title']} " if case.style == "joined" and p["title"] else "" for p in passages]
        pairs, part = case.tokenizer([front + p["text"] for front, p in zip(fronts, passages)], **options), 0
    ends = [
        max((e for (_, e), s in zip(pairs["offset_mapping"][i], pairs.sequence_ids(i)) if s == part), default=0)
        for i in range(len(passages))
    ]
    return [p["text"][: max(0, end - len(front))] for p, front, end in zip(passages, fronts, ends)]
