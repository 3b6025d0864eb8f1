"""The Sample: questions and passages on which Ways are compared, as many as the encoder's speed allows.

A Way is one choice of how texts become vectors, for example with another pooling.
"""

import random
import time

import torch

from dpr_course.diagnose.case import SIDES, DiagnoseError, backbone_of
from dpr_course.diagnose.ways import OWN, Encoding, Way, scores

MOST_QUESTIONS, FEWEST_QUESTIONS = 300, 120
WAYS = 16  # approximate number of Ways that are compared
PREFIXES = {
    "query: / passage: ": ("query: ", "passage: "),
    "query: ": ("query: ", ""),
    "passage: ": ("", "passage: "),
    "search_query: / search_document: ": ("search_query: ", "search_document: "),
    "Represent this sentence for searching relevant passages: ": ("Represent this sentence for searching relevant passages: ", ""),
}


class Sample:
    """A random selection of validation questions, and passages to search.

    questions  list of B strings
    samples    list of the B samples (dicts) that the questions come from
    passages   list of N dicts: the gold passages and some others, at most 2 B in all
    gold       (B,), the row in `passages` of each question's gold passage
    """

    def __init__(self, case, seconds=15.0, questions=None, seed=0):
        self.case, self.encoding = case, Encoding(case)
        if not case.validation or not case.passages:
            raise DiagnoseError(f"{case.name}: there are no validation questions or no passages, so nothing can be measured")
        rng = random.Random(seed)
        count = questions or self._affordable(seconds)
        some = rng.sample(case.validation, min(count, len(case.validation)))
        by_id = {p["id"]: p for p in case.passages}
        some = [s for s in some if s["gold_context"]["id"] in by_id]
        if not some:
            raise DiagnoseError(f"{case.name}: no validation question has its gold passage among the {len(case.passages)} passages")
        chosen = {s["gold_context"]["id"]: by_id[s["gold_context"]["id"]] for s in some}
        for p in rng.sample(case.passages, min(len(case.passages), 2 * len(some))):
            if len(chosen) >= 2 * len(some):
                break
            chosen.setdefault(p["id"], p)
        self.samples, self.questions, self.passages = some, [s["question"] for s in some], list(chosen.values())
        row = {key: i for i, key in enumerate(chosen)}
        self.gold = torch.tensor([row[s["gold_context"]["id"]] for s in some])  # (B,)

    def _affordable(self, seconds):
        """Return the number of questions on which all Ways can be compared in `seconds`, estimated from a few passages.

        The number is at least FEWEST_QUESTIONS and at most MOST_QUESTIONS."""
        few = self.case.passages[:48]
        self.encoding.vectors("passage", few[:4])  # the first call is slower
        begun = time.perf_counter()
        self.encoding.vectors("passage", few[4:] or few)
        each = (time.perf_counter() - begun) / len(few[4:] or few)  # seconds per passage; a question takes about a quarter
        # Two passages go with each question. The time is halved, because most Ways are tried on a part of the questions only.
        return int(min(MOST_QUESTIONS, max(FEWEST_QUESTIONS, seconds / (WAYS * 2.25 * each / 2))))

    def part(self, count):
        """Return a smaller Sample: the first `count` questions, their gold passages, and at most `count` other passages.

        Both Samples use the same Encoding, so no text is encoded twice.
        """
        small = object.__new__(Sample)
        small.case, small.encoding = self.case, self.encoding
        small.samples, small.questions = self.samples[:count], self.questions[:count]
        golds = list(dict.fromkeys(self.gold[:count].tolist()))
        rest = [i for i in range(len(self.passages) - 1, -1, -1) if i not in set(golds)]
        rows = golds + rest[:count]
        small.passages = [self.passages[i] for i in rows]
        place = {row: i for i, row in enumerate(rows)}
        small.gold = torch.tensor([place[int(g)] for g in self.gold[:count]])  # (count,)
        return small

    def vectors(self, way=OWN):
        """Return the vectors X (B, d) of the questions and Y (N, d) of the passages, made by one Way."""
        return self.encoding.vectors("question", self.questions, way), self.encoding.vectors("passage", self.passages, way)

    def right(self, way=OWN, kind=None, X=None, Y=None):
        """Return a bool (B,): for each question, whether its gold passage scores highest.

        A tie counts as False, and so does a score that is not finite. The vectors are X and Y if these are given, and otherwise
        those of the Way `way`. `kind`, "dot" or "cosine", is how vectors are compared (default: the case's `score`).
        """
        if X is None:
            X, Y = self.vectors(way)
        return first_is_gold(scores(X, Y, kind or self.case.score), self.gold)


def first_is_gold(S, gold):
    """Return a bool (B,): for each row i of the scores S (B, N), whether S[i, gold[i]] is larger than all others in the row."""
    rows = torch.arange(len(S))
    own = S[rows, gold]  # (B,)
    others = S.clone()
    others[rows, gold] = float("-inf")
    return (own > others.max(1).values) & torch.isfinite(own)  # (B,)


def compare(right, other):
    """Return {"r1", "gain", "z"}: R@1 in percent with another Way, its gain in points over the run's own Way, McNemar's z.

    `right` and `other` are bools (B,), which `Sample.right` returned for the same questions: `right` for the run's own Way,
    `other` for the other Way. z depends only on the questions for which `right` and `other` differ.
    """
    won, lost = int((other & ~right).sum()), int((right & ~other).sum())
    z = (won - lost) / max(1, won + lost) ** 0.5
    share = 100 / max(1, len(right))
    return {"r1": round(share * int(other.sum()), 2), "gain": round(share * (won - lost), 2), "z": round(z, 2)}


def ways_of(case):
    """Return {name: Way}: the Ways other than the run's own that are possible for the case, such as "pooling mean"."""
    sides = ("question", "passage")
    ways = {f"padding read by {s}s": Way(padded=(s,), given=False) for s in sides} | {
        "padding read": Way(padded=sides, given=False),
        "padding read to max_length": Way(padded=sides, full=True, given=False),
    }
    a, b = (getattr(case.model, side, None) for side in SIDES)
    if a is not None and a is not b:
        ways["exchanged"] = Way(exchanged=True, given=False)
    if backbone_of(case.model, SIDES[0]) is not None and backbone_of(case.model, SIDES[1]) is not None:
        ways |= {f"pooling {p}": Way(pooling=p, given=False) for p in ("cls", "mean", "last", "max")}
    ways |= {f"read as {style}": Way(style=style, given=False) for style in ("pair", "joined", "text") if style != case.style}
    if case.given:
        ways["the model itself"] = Way(given=False)
    if case.start_tokenizer is not None and vocabulary(case.start_tokenizer) != vocabulary(case.tokenizer):
        ways["the start's tokenizer"] = Way(tokenizer="start", given=False)
    prefixes = {name: pair for name, pair in PREFIXES.items() if pair != (case.question_prefix, case.passage_prefix)}
    if case.question_prefix or case.passage_prefix:
        prefixes["none"] = ("", "")
    if own := training_prefix(case):
        prefixes["that of training"] = own
    return ways | {f"prefix {n}": Way(question_prefix=q, passage_prefix=p, given=False) for n, (q, p) in prefixes.items()}


def vocabulary(tokenizer):
    return tokenizer.get_vocab()


def training_prefix(case, most=400):
    """Return (question prefix, passage prefix): beginnings that most training texts have and most validation texts lack.

    One of them may be "". Return None if there is neither.
    """
    train, validation = case.train[:most], case.validation[:most]
    if len(train) < 8:
        return None
    found = []
    for text in (lambda s: s["question"], lambda s: s["gold_context"]["title"] or s["gold_context"]["text"]):
        prefix = common_prefix([text(s) for s in train])
        there = sum(text(s).startswith(prefix) for s in validation) / max(1, len(validation))
        found.append(prefix if prefix and there < 0.5 else "")
    return tuple(found) if any(found) else None


def common_prefix(texts, share=0.9):
    """Return the longest beginning, up to a space, that at least `share` of the texts have; "" if there is none."""
    for text in texts[:5]:
        for end in range(min(len(text), 120), 1, -1):
            if text[end - 1] == " " and sum(t.startswith(text[:end]) for t in texts) >= share * len(texts):
                return text[:end]
    return ""
