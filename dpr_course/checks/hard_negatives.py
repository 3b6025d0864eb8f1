"""Checks of stage 05."""

import copy

from dpr_course.candidates import make_candidates
from dpr_course.checks.core import Check, Observation, Test
from dpr_course.checks.fixtures import generator, make_passage, make_samples


class MineHardNegatives(Check):
    exercise, number, title = "mine_hard_negatives", "5.1", "Mining"
    names = ("mine_hard_negatives",)
    tests = (
        Test("the best wrong passage", 2, ("mined.best",), "Take the first candidate, from the best down, that may serve as a negative."),
        Test("never the gold passage", 1, ("mined.gold_first", "mined.same_title"), "The gold passage is not always the first candidate. Compare ids, not places and not titles: another passage of the gold's article is a fine negative."),
        Test("never a passage with the answer", 1, ("mined.answer",), "A passage that holds one of the answers may be a second right one. Skip it."),
        Test("nothing left", 1, ("mined.none", "mined.count"), "If no candidate may serve, the sample comes back without the key 'hard_negative'. No sample is lost."),
        Test("the input stays as it is", 1, ("mined.input",), "Return new dicts. The samples that came in must not be changed."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        samples = make_samples(rng, 5)
        for i, s in enumerate(samples):
            s["answers"] = [f"answer{i} word"]
        passages = [s["gold_context"] for s in samples] + [make_passage(rng, 100 + i) for i in range(6)]
        passages[6] = {**passages[6], "title": samples[2]["gold_context"]["title"]}
        passages[8] = {**passages[8], "text": f"{passages[8]['text']} Answer3  Word {passages[8]['text']}"}
        rows = [
            [1, 0, 5],  # the first candidate is another question's gold
            [1, 7, 5],  # gold first
            [6, 2, 5],  # another passage of the gold's article, then the gold itself
            [8, 3, 9],  # the answer is in the first, the gold is second
            [4, 4, 4],  # only the gold
        ]
        values = [[3.0, 2.0, 1.0]] * 5
        candidates = make_candidates(samples, passages, rows, values)
        with o.probe("mined"):
            before = copy.deepcopy(samples)
            mined = objects["mine_hard_negatives"](samples, candidates, passages)
            chosen = [m.get("hard_negative", {"id": "none"})["id"] if "hard_negative" in m else "none" for m in mined]
            o["mined.count"] = len(mined)
            for name, i in (("best", 0), ("gold_first", 1), ("same_title", 2), ("answer", 3), ("none", 4)):
                o[f"mined.{name}"] = chosen[i]
            o["mined.input"] = int(samples == before and all(m["question"] == s["question"] for m, s in zip(mined, before)))
        return o
