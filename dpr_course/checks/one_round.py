"""The check of stage 10's last exercise: one round, in which the reader reads, the retriever learns, and then retrieves."""

import copy
import itertools

import torch

from dpr_course.checks.core import Check, Observation, Test
from dpr_course.checks.fixtures import generator, make_passage, phrase
from dpr_course.checks.notes import next_note, taught_note


class _Loop:
    """Stand-ins for `read`, `learn` and `retrieve`, the functions that are passed to `one_round` (exercise 10.4).

    `calls` lists the calls. Once `learn` was called with the right model, `retrieve` finds other passages than before, so its
    result shows whether the student's code learned before it retrieved.
    """

    def __init__(self, rng, sizes):
        self.rng, self.calls = rng, []
        self.samples = [self._sample(i, n) for i, n in enumerate(sizes)]
        for s in self.samples:  # two passages of one article have the same title
            for p in s["ctxs"][1:2]:
                p["title"] = s["ctxs"][0]["title"]
        self.samples[2]["ctxs"][-1] = self.samples[0]["ctxs"][0]  # a passage that was found for two questions is one dict
        levels = [(rng.permutation(80)[: len(s["ctxs"])] - 40) / 4 + i / 64 for i, s in enumerate(self.samples)]
        levels[2][1] = levels[2][0]  # equal scores
        self.scores = [{p["id"]: float(v) for p, v in zip(s["ctxs"], row)} for s, row in zip(self.samples, levels)]
        self.found = {learned: [[make_passage(rng, 50 + i) for i in range(3)] for _ in sizes] for learned in (0, 1)}
        self.model = torch.nn.Linear(1, 1)
        self.learned, self.taught, self.no_list, self.handed = 0, [], "", self.found[1]
        self.odd_model = ""

    def _sample(self, i, n):
        ctxs = [{**make_passage(self.rng, 10 * i + k), "score": str(k)} for k in range(n)]  # scores of an earlier round
        gold = make_passage(self.rng, 99)
        return {
            "id": f"q{i}",
            "question": phrase(self.rng, 4),
            "answers": [phrase(self.rng, 1)],
            "gold_context": gold,
            "ctxs": ctxs,
        }

    def listed(self, samples, where):
        """Return `samples` as a list. If they have no length, say so in `no_list`, in a sentence that begins with `where`."""
        if not hasattr(samples, "__len__"):
            self.no_list = (
                self.no_list
                or f"{where} a {type(samples).__name__}, which has no length and is empty once it was gone through. Make a list of the samples."
            )
        return list(samples)

    def note_model(self, model, where):
        """Keep a sentence in `odd_model` if `model` is not the one that was given to one_round; `where` begins the sentence."""
        if model is not self.model and not self.odd_model:
            other = "another model than the one that one_round was given"
            self.odd_model = f"{where} {'None instead of a model' if model is None else other}: learn trains the given model in place, and returns nothing."  # fmt: skip

    def read(self, samples):
        samples = self.listed(samples, "read gets")
        self.calls.append("read" + ":" + ",".join(p["id"] for s in samples for p in s["ctxs"]))
        n = 1 + max(len(s["ctxs"]) for s in samples)
        own = {s["question"]: scores for s, scores in zip(self.samples, self.scores)}
        rows = [[own.get(s["question"], {}).get(p["id"], 99.0) for p in s["ctxs"]] for s in samples]
        return torch.tensor([row + [50.0] * (n - len(row)) for row in rows], dtype=torch.float64)  # 50.0 is padding

    def learn(self, model, samples):
        samples = self.listed(samples, "learn gets")
        self.note_model(model, "learn gets")
        self.learned, self.taught = int(model is self.model), samples
        self.calls.append("learn:" + "|".join(f"{s['question']}>{self._described(s['ctxs'])}" for s in samples))

    @staticmethod
    def _described(ctxs):
        """Return the passages of `ctxs` as text, "id=score,...", in their order.

        Neighbours with equal scores are sorted by id, so that any order among them gives the same text. If a score is not a
        float, the name of its type is added.
        """
        pairs = [(p["id"], p["score"]) for p in ctxs]
        runs = [sorted(run, key=lambda pair: pair[0]) for _, run in itertools.groupby(pairs, key=lambda pair: float(pair[1]))]
        kind = {type(v).__name__ for _, v in pairs if not isinstance(v, float)}
        return ",".join([f"{i}={float(v):.3f}" for run in runs for i, v in run] + sorted(kind))

    def retrieve(self, model, samples):
        samples = self.listed(samples, "retrieve gets")
        self.note_model(model, "retrieve gets")
        self.calls.append(f"retrieve:{self.learned and model is self.model}:" + "|".join(s["question"] for s in samples))
        self.handed = self.found[self.learned]
        return copy.deepcopy(self.handed)

    def early(self):
        """Return a sentence if `retrieve` was called before `learn`, else ""."""
        kinds = [call.partition(":")[0] for call in self.calls]
        if "learn" in kinds and "retrieve" in kinds[: kinds.index("learn")]:
            return "retrieve is called before learn, so it searches with a model that has not learned from these scores yet."
        return ""


class OneRound(Check):
    exercise, number, title = "one_round", "10.4", "One round"
    names = ("one_round",)
    tests = (
        Test("read, learn, retrieve", 2, ("even.order", "even.searched", "even.listed"), "First the reader reads the passages that each sample has, then the retriever learns from the scores, then it searches with what it has learned. Each happens once, for all samples."),
        Test("scores with their passages", 2, ("even.taught", "ragged.taught"), "learn gets each sample with all its ctxs, best first, and no other passage. Each passage has as \"score\", a float, the reader's score of this passage in this sample. Values in a row beyond the number of ctxs are no scores, and a passage may be in several samples."),
        Test("the next round's samples", 1, ("even.next", "ragged.next", "even.returned"), "The result is the samples, each with the passages just found, in their order and without scores, as \"ctxs\"."),
        Test("nothing is changed", 1, ("even.now", "ragged.now", "even.order"), "The samples that are given, their ctxs included, stay as they were."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        for probe, sizes in (("even", (4, 4, 4)), ("ragged", (3, 1, 4))):
            loop = _Loop(rng, sizes)
            given = copy.deepcopy(loop.samples)
            with o.probe(probe):
                out = objects["one_round"](loop.model, loop.samples, loop.read, loop.learn, loop.retrieve)
                o[f"{probe}.order"] = " ".join(c.partition(":")[0] for c in loop.calls)
                o[f"{probe}.searched"] = "\n".join(c for c in loop.calls if not c.startswith("learn"))
                o[f"{probe}.taught"] = "\n".join(c for c in loop.calls if c.startswith("learn"))
                o.note(f"{probe}.listed", loop.no_list)
                o[f"{probe}.listed"], loop.no_list = int(not loop.no_list), ""
                out = loop.listed(out, "one_round returns")
                o.note(f"{probe}.returned", loop.no_list)
                o[f"{probe}.returned"] = int(not loop.no_list)
                o[f"{probe}.next"] = "\n".join(repr(sorted(s.items())) for s in out)
                o[f"{probe}.now"] = repr(loop.samples)
                o.note(f"{probe}.taught", taught_note(loop.taught, loop.scores))
                o.note(f"{probe}.next", loop.early() or next_note(out, given, loop.handed) or loop.odd_model)
                for key in ("order", "searched"):
                    o.note(f"{probe}.{key}", loop.early() or loop.odd_model)
        return o
