"""Checks of stage 05."""

import copy

import numpy as np

from dpr_course.candidates import make_candidates
from dpr_course.checks.core import Check, Observation, Test
from dpr_course.checks.fixtures import generator, make_passage, make_samples, phrase


class MineHardNegatives(Check):
    exercise, number, title = "mine_hard_negatives", "5.1", "Mining"
    names = ("mine_hard_negatives",)
    tests = (
        Test("the best wrong passage", 2, ("mined.best",), "Take the first candidate, from the best down, that may serve as a negative."),
        Test("never the gold passage", 1, ("mined.gold_first", "mined.same_title"), "The gold passage is not always the first candidate. Compare ids, not places and not titles: another passage of the gold's article is a fine negative."),
        Test("never a passage with the answer", 1, ("mined.answer", "mined.letters"), "A passage that holds one of the answers, whichever, may be a second right one: skip it. What counts as holding is for has_answer to say."),
        Test("nothing left", 1, ("all.none", "all.count"), "If no candidate may serve, the sample comes back without the key 'hard_negative', even if it had one. No sample is lost."),
        Test("the input stays as it is", 1, ("mined.input", "mined.kept"), "Return new dicts that hold all else that the samples hold. The samples that came in must not be changed."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        samples = make_samples(rng, 6, lambda i: i in (0, 5))  # two bring the negative of an earlier round
        for i, s in enumerate(samples):
            s["answers"] = [f"other{i}", f"answer{i} word"]
        samples[5]["gold_context"]["text"] += " answer5 word"
        passages = [s["gold_context"] for s in samples] + [make_passage(rng, 100 + i) for i in range(6)]
        passages = [{**p, "domain": "any"} for p in passages]  # those of a knowledge base may hold more than those of samples
        passages[7]["title"] = passages[2]["title"]
        passages[8]["text"] += " answer4 words"
        passages[9]["text"] += " Other3"
        passages[10]["text"] += f" Answer3  Word {phrase(rng, 3)}"
        rows = [
            [1, 0, 6, 7],  # the first candidate is another question's gold
            [1, 8, 6, 7],  # gold first
            [7, 2, 6, 8],  # another passage of the gold's article, then the gold itself
            [9, 10, 3, 11],  # one answer in the first, one in the second, then the gold
            [8, 4, 6, 7],  # letters of the answer, not its words
            [5, 5, 5, 5],  # only the gold
        ]
        place = rng.permutation(len(passages))  # where the knowledge base has them
        shuffled = [passages[i] for i in np.argsort(place)]
        rows = place[rows].tolist()

        def chosen(m):
            if "hard_negative" not in m:
                return "none"
            p = m["hard_negative"]
            if not isinstance(p, dict):
                return f"a {type(p).__name__}"
            same = [q["id"] for q in passages if (q["title"], q["text"]) == (p.get("title"), p.get("text"))]
            return same[0] if same else "no passage"

        for probe, n in (("mined", 5), ("all", 6)):
            with o.probe(probe):
                given = copy.deepcopy(samples[:n])
                candidates = make_candidates(given, shuffled, rows[:n], [[4.0, 3.0, 2.0, 1.0]] * n)
                mined = list(objects["mine_hard_negatives"](given, candidates, shuffled))
                o[f"{probe}.count"] = len(mined)
                for name, m in zip(("best", "gold_first", "same_title", "answer", "letters", "none"), mined):
                    o[f"{probe}.{name}"] = chosen(m)
                o[f"{probe}.input"] = int(given == samples[:n])
                kept = [k for m, s in zip(mined, samples) for k in s if k != "hard_negative" and m.get(k) != s[k]]
                o[f"{probe}.kept"] = int(not kept)
        return o
