"""Checks of stage 03."""

import torch

from dpr_course.candidates import make_candidates
from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.fixtures import dyadic, generator, make_passage, make_samples


def _passages(samples, rng, n):
    """The gold passages of `samples` and fillers, `n` in all, shuffled."""
    passages = [s["gold_context"] for s in samples]
    passages += [make_passage(rng, 100 + i) for i in range(n - len(passages))]
    return [passages[i] for i in rng.permutation(len(passages))]


class TopkCandidates(Check):
    exercise, number, title = "get_topk_candidates", "3.1", "The k best passages"
    names = ("get_topk_candidates",)
    tests = (
        Test("the right passages, best first", 1, ("top.ids",), "For each question the k passages with the highest dot product must come back, the highest first."),
        Test("their scores", 1, ("top.values", "top.golds"), "topk_values must be the dot products of the question's vector with those passages."),
        Test("k larger than the knowledge base", 1, ("all.ids", "all.count"), "If k is larger than the number of passages, return them all."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        samples = make_samples(rng, 4)
        passages = _passages(samples, rng, 9)
        X, Y = dyadic(rng, 4, 6), dyadic(rng, 9, 6)
        # Scores are multiples of 1/64, plus a smaller step for each passage: no two scores of a question are equal.
        X[:, 0], Y[:, 0] = 1, torch.arange(9) / 1024
        for probe, k in (("top", 3), ("all", 50)):
            with o.probe(probe):
                candidates = objects["get_topk_candidates"](X, Y, samples, passages, k)
                o[f"{probe}.ids"] = "\n".join(" ".join(c["topk_ids"]) for c in candidates)
                o[f"{probe}.values"] = array([list(c["topk_values"]) for c in candidates])
                o[f"{probe}.count"] = [len(c["topk_ids"]) for c in candidates]
                o[f"{probe}.golds"] = " ".join(c["gold_id"] for c in candidates)
        return o


class TopkAccuracy(Check):
    exercise, number, title = "topk_retrieval_accuracy", "3.2", "Recall@k"
    names = ("topk_retrieval_accuracy",)
    tests = (
        Test("by passage id", 2, ("id.recall",), "R@k is the percentage of questions whose gold passage is among the first k candidates."),
        Test("by title", 1, ("title.recall",), "With by='title' a candidate counts if its title is the gold title, even if it is another passage."),
        Test("number of questions", 1, ("id.num_queries", "one.recall"), "The result also holds 'num_queries', and must be right for one question and for a k beyond the list."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        # Places of the golds: some that matter, some that the seed decides. 8 questions: the percentages are short.
        places = [0, 1, 4, 5, None] + [(0, 2, 3, None)[i] for i in rng.integers(0, 4, 3)]
        samples = make_samples(rng, 8)
        passages = [s["gold_context"] for s in samples] + [make_passage(rng, 100 + i) for i in range(6)]
        rows = []
        for n, place in enumerate(places):
            row = [int(i) for i in rng.permutation(14) if i != n][:6]
            if place is not None:
                row[place] = n
            rows.append(row)
        candidates = make_candidates(samples, passages, rows, [[6, 5, 4, 3, 2, 1]] * 8)
        for n, c in enumerate(candidates):
            # Other titles begin like the gold's. Questions 1 and 4 have another passage of the gold's article in place 2.
            c["topk_titles"] = [c["gold_title"] if i == c["gold_id"] else f"{c['gold_title']} {i}" for i in c["topk_ids"]]
            if n in (1, 4):
                c["topk_titles"][2] = c["gold_title"]
        candidates = [candidates[i] for i in rng.permutation(8)]
        second = next(c for c in candidates if c["gold_id"] == c["topk_ids"][1])
        accuracy = objects["topk_retrieval_accuracy"]
        for probe, given, k_values, options in (
            ("id", candidates, (1, 2, 5, 6), {}),
            ("title", candidates, [5, 1, 6, 2], {"by": "title"}),
            ("one", [second], (1, 2, 100), {}),
        ):
            with o.probe(probe):
                result = accuracy(given, k_values, **options)
                if not isinstance(result, dict):
                    raise TypeError(f"expected a dict, got {type(result).__name__}")
                o[f"{probe}.recall"] = array([float(result[k]) for k in k_values])
                o[f"{probe}.num_queries"] = int(result.get("num_queries", -1))
        return o
