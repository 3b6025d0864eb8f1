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
        # Steps of 1/8 and a small tilt of each passage: no two scores of a question are equal.
        X, Y = dyadic(rng, 4, 6), dyadic(rng, 9, 6) + torch.arange(9).unsqueeze(1) / 512
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
        samples = make_samples(rng, 11)
        passages = _passages(samples, rng, 14)
        where = {p["id"]: i for i, p in enumerate(passages)}
        indices = []
        for n, s in enumerate(samples):
            gold = where[s["gold_context"]["id"]]
            others = [int(i) for i in rng.permutation(14) if i != gold]
            # Golds at ranks 1, 1, 1, 2, 3, 5, 6, 6 and three misses.
            rank = (0, 0, 0, 1, 2, 4, 5, 5, None, None, None)[n]
            row = others[:6]
            if rank is not None:
                row[rank] = gold
            elif n == 8:
                # Another passage of the gold's article, at rank 2.
                passages[row[1]] = {**passages[row[1]], "title": s["gold_context"]["title"]}
            indices.append(row)
        values = -torch.arange(6).repeat(11, 1)
        candidates = make_candidates(samples, passages, indices, values)
        # A copied title may only match at the place that was meant.
        for n, c in enumerate(candidates):
            c["gold_title"] = f"{c['gold_title']} {n if n != 8 else ''}".strip()
            c["topk_titles"] = [
                c["gold_title"] if i == c["gold_id"] or (n == 8 and j == 1) else f"other {i}" for j, i in enumerate(c["topk_ids"])
            ]
        ks = (1, 2, 5, 6)
        accuracy = objects["topk_retrieval_accuracy"]
        for probe, given, k_values, options in (
            ("id", candidates, ks, {}),
            ("title", candidates, ks, {"by": "title"}),
            ("one", candidates[3:4], (1, 2, 100), {}),
        ):
            with o.probe(probe):
                result = accuracy(given, k_values, **options)
                o[f"{probe}.recall"] = array([float(result[k]) for k in k_values])
                o[f"{probe}.num_queries"] = int(result["num_queries"])
        return o
