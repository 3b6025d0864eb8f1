"""The check of stage 05's exercise: mining hard negatives from search results."""

import copy
import hashlib
import json

import numpy as np

from dpr_course.candidates import make_candidates
from dpr_course.checks.core import Check, Observation, Test
from dpr_course.checks.fixtures import drawn, generator, make_passage, make_samples, phrase
from dpr_course.text import has_answer

TRAPS = ("best", "gold_first", "same_title", "answer", "letters", "deep", "none")
DEPTH = 104  # candidates per sample; in the course there are 100


def digest(value):
    """Return a short hash of the content of `value`. The order of the keys in a dict does not matter."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _chosen(m, passages):
    """Return as text what the mined sample `m` has as its hard negative: the id of one of `passages`, or "none".

    If its hard negative is anything else, return "a changed passage", "no passage" or its type, such as "a str".
    """
    if "hard_negative" not in m:
        return "none"
    p = m["hard_negative"]
    if not isinstance(p, dict):
        return f"a {type(p).__name__}"
    same = [q for q in passages if q["id"] == p.get("id") or (q["title"], q["text"]) == (p.get("title"), p.get("text"))]
    if not same:
        return "no passage"
    # Fields that are left out are recorded apart, see _lost.
    return same[0]["id"] if all(p.get(k) == same[0][k] for k in ("id", "title", "text")) else "a changed passage"


def _added(pairs):
    """Return the sorted names of fields that a student's code has added to the passages stored as hard negatives.

    `pairs` lists (mined sample, candidate passage), one pair for each candidate of each sample. A stored passage is compared with
    the candidate that has the same id.
    """
    stored = [(m.get("hard_negative"), p) for m, p in pairs]
    return sorted({str(k) for s, p in stored if isinstance(s, dict) and s.get("id") == p["id"] for k in s if k not in p})


def _lost(pairs):
    """Return the sorted names of fields that stored hard negatives lack, or hold with another value. For `pairs` see _added."""
    stored = [(m.get("hard_negative"), p) for m, p in pairs]
    return sorted({k for s, p in stored if isinstance(s, dict) and s.get("id") == p["id"] for k in p if p[k] != s.get(k)})


class MineHardNegatives(Check):
    exercise, number, title = "mine_hard_negatives", "5.1", "Mining"
    names = ("mine_hard_negatives",)
    tests = (
        Test("the best wrong passage", 2, ("mined.best",), "Take the first candidate, from the best down, that is usable as a negative, and store the passage as it is in `passages`."),
        Test("never the gold passage", 1, ("mined.gold_first", "mined.same_title"), "The gold passage is not always the first candidate. Compare ids, not ranks and not titles: another passage of the gold's article is a fine negative."),
        Test("never a passage with the answer", 1, ("mined.answer", "mined.letters", "mined.deep"), "A passage that holds any of the answers may be a second right one: skip it. has_answer decides whether a passage holds one. Go down the list as far as it takes."),
        Test("nothing left", 1, ("all.none", "all.left", "all.count", "all.kept"), "If no candidate is usable, the sample comes back without the key 'hard_negative', even if it had one. No sample is lost."),
        Test("the input stays as it is", 1, ("mined.left", "mined.input", "mined.kept", "mined.passages", "mined.new", "mined.added", "mined.lost"), "Return new dicts with all the other fields of the samples. Do not change the samples, candidates and passages that were passed in, nor the passage that is stored in a sample."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        samples, passages, rows, traps = self._draw(rng)

        def chosen(m):
            return _chosen(m, passages)

        def fault(m, i):
            """Return a sentence on what is wrong with the hard negative of `m`, the mined sample i; "" if it is right."""
            right = next((j for j in rows[i] if usable(passages[j], i)), None)
            found = chosen(m)
            if found == ("none" if right is None else passages[right]["id"]):
                return ""
            place = next((n for n, j in enumerate(rows[i], 1) if passages[j]["id"] == found), None)
            if found == "none":
                return f"A sample gets no negative, although the candidate at rank {rows[i].index(right) + 1} is usable."
            if place is None:
                return "A sample gets something that is none of its candidates." * (
                    found not in ("a changed passage", "no passage")
                )
            if passages[rows[i][place - 1]]["id"] == samples[i]["gold_context"]["id"]:
                return "A sample gets its own gold passage as its negative."
            if has_answer(passages[rows[i][place - 1]]["text"], samples[i]["answers"]):
                return "A sample gets a passage that holds one of its answers as its negative."
            return f"A sample gets the candidate at rank {place}, although the one at rank {rows[i].index(right) + 1} is usable."

        def usable(p, i):
            return p["id"] != samples[i]["gold_context"]["id"] and not has_answer(p["text"], samples[i]["answers"])

        # "all" holds samples without a usable candidate, and samples whose first candidate is usable.
        for probe, wanted in (("mined", TRAPS[:-1]), ("all", ("best", "none"))):
            with o.probe(probe):
                places = [i for i in rng.permutation(len(samples)) if traps[i] in wanted]
                original = [samples[i] for i in places]
                given, pool = copy.deepcopy((original, passages))
                candidates = make_candidates(given, pool, [rows[i] for i in places], [range(DEPTH, 0, -1)] * len(given))
                searched = copy.deepcopy(candidates)
                mined = list(objects["mine_hard_negatives"](given, candidates, pool))
                o[f"{probe}.count"], o[f"{probe}.given"] = len(mined), len(original)
                o[f"{probe}.left"] = " ".join(s["id"] for m, s in zip(mined, original) if "hard_negative" not in m)
                for trap in wanted:
                    o[f"{probe}.{trap}"] = " ".join(chosen(m) for m, i in zip(mined, places) if traps[i] == trap)
                    faults = [fault(m, i) for m, i in zip(mined, places) if traps[i] == trap]
                    o[f"{probe}.{trap}.fault"] = next(filter(None, faults), "")
                pairs = [(m, passages[j]) for m, i in zip(mined, places) for j in rows[i]]
                o[f"{probe}.added"], o[f"{probe}.lost"] = ", ".join(_added(pairs)), ", ".join(_lost(pairs))
                o[f"{probe}.new"] = int(not any(m is s for m in mined for s in given))
                o[f"{probe}.input"] = digest(given)
                o[f"{probe}.passages"] = f"{digest(pool)} {candidates == searched}"
                o[f"{probe}.kept"] = digest([{k: m.get(k) for k in s if k != "hard_negative"} for m, s in zip(mined, original)])
        return o

    def finding(self, test, seen, expected):
        if test.name == "the input stays as it is":
            if seen["mined.input"] != expected["mined.input"]:
                return (
                    "The samples that were passed in are changed by the call. Return new dicts, and leave the old ones as they are."
                )
            if seen["mined.passages"] != expected["mined.passages"]:
                what = "The candidates" if seen["mined.passages"].endswith("False") else "The passages of the knowledge base"
                return f"{what} that were passed in are changed by the call. Leave them as they are."
            if seen["mined.added"]:
                return f"A passage that is stored in a sample has fields that the one in `passages` has not: {seen['mined.added']}. Store it unchanged."
            if seen["mined.lost"]:
                return f"A passage that is stored in a sample has lost or changed fields of the one in `passages`: {seen['mined.lost']}. Store it unchanged, with all of its fields."
            if not seen["mined.new"]:
                return "Some of the returned samples are the very dicts that were passed in. Return new dicts, for samples without a negative too."
            if seen["mined.left"] != expected["mined.left"]:
                return "Some samples come back without a negative although they have a usable candidate, or the other way round."
            if seen["mined.kept"] != expected["mined.kept"] and seen["mined.count"] == seen["mined.given"]:
                return "Some fields of the samples are lost or changed in the result. A new sample keeps all of them, except for the hard negative."
            return ""
        if seen["all.count"] != expected["all.count"]:
            return f"{seen['all.count']} samples come back for the {expected['all.count']} that were given. None may be lost, with or without a hard negative."
        for key in test.keys:
            if seen[key] != expected[key] and (said := seen.get(f"{key}.fault")):
                return f"{said} {test.hint}"
        return ""

    @staticmethod
    @drawn
    def _draw(rng):
        """Draw (samples, passages, rows, traps).

        rows[i] has the positions in `passages` of the DEPTH candidates of sample i, best first. traps[i] is one of TRAPS and
        says what makes the candidates of sample i difficult: with "gold_first", for example, the gold passage comes first.
        """
        traps = [t for t in TRAPS for _ in range(4 if t == "best" else int(rng.integers(2, 4)))]
        samples = make_samples(rng, len(traps), lambda i: i % 2 == 0)  # half of them have a hard negative from an earlier round
        samples[1]["question"] = samples[0]["question"]  # asked twice, with another gold passage
        for i, (s, trap) in enumerate(zip(samples, traps)):
            s["answers"] = [f"other{i}", f"answer{i} word"]
            if trap == "none" or i % 2:
                s["gold_context"]["text"] += f" answer{i} word"
        # The passages of a knowledge base may have more fields than those of samples.
        passages = [{**s["gold_context"], "domain": "any"} for s in samples]

        def new(end="", **fields):
            p = make_passage(rng, len(passages))
            passages.append({**p, "text": p["text"] + end, "domain": "any", **fields})
            return len(passages) - 1

        rows, easy = [], [new() for _ in range(DEPTH)]  # most candidates are shared by all samples
        for i, trap in enumerate(traps):
            if trap == "best":
                # The first is usable: another question's gold passage, the same one for two samples, or a new passage.
                row = [new() if i == 3 else 0 if i else 1, new(), i]
            elif trap == "gold_first":
                row = [i]
            elif trap == "same_title":
                row = [new(title=passages[i]["title"]), i]  # another passage of the gold's article
            elif trap == "answer":
                row = [new(f" Other{i}"), new(f" Answer{i}  Word {phrase(rng, 3)}"), new(), i]  # two passages with an answer
            elif trap == "deep":
                row = [
                    new(f" answer{i} word"),
                    i,
                    *(new(f" {a}") for a in [f"other{i}", f"Answer{i} WORD"] * (DEPTH // 2 - 2)),
                    new(f" other{i}"),
                ]  # only the filler, the last candidate, is usable
            elif trap == "letters":
                row = [new(f" answer{i} words"), i]  # holds the letters of the answer, but not its words
            else:
                row = [i] * DEPTH  # no candidate but the gold passage
            fillers = [new(), new(), *easy] if len(row) < DEPTH - 1 else [new()]
            rows.append([*row, *fillers][:DEPTH])
        place = rng.permutation(len(passages))  # position of each passage in the knowledge base
        return samples, [passages[i] for i in np.argsort(place)], place[rows].tolist(), traps
