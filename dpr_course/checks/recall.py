"""Checks of stage 03."""

import numpy as np
import torch

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.fixtures import dyadic, generator, make_id, make_passage, make_samples, phrase

LENGTH = 12  # length of the lists of candidates in exercise 3.2


def _passages(samples, rng, n):
    """The gold passages of `samples` and fillers, `n` in all, shuffled."""
    passages = [s["gold_context"] for s in samples]
    passages += [make_passage(rng, 100 + i) for i in range(n - len(passages))]
    return [passages[i] for i in rng.permutation(len(passages))]


class TopkCandidates(Check):
    exercise, number, title = "get_topk_candidates", "3.1", "The k best passages"
    names = ("get_topk_candidates",)
    tests = (
        Test("the right passages, best first", 1, ("top.ids", "large.ids", "small.ids", "single.ids"), "For each question, return the k passages with the highest dot product, the highest first, however large or negative the scores are."),
        Test("their scores", 1, ("top.values", "top.golds", "large.values", "small.values"), "topk_values must be the dot products of the question's vector with those passages."),
        Test("k larger than the knowledge base", 1, ("all.ids", "all.count"), "If k is larger than the number of passages, return them all."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        samples = make_samples(rng, 4)
        passages = _passages(samples, rng, 9)
        X, Y = dyadic(rng, 4, 6), dyadic(rng, 9, 6)
        # Scores are multiples of 1/64, plus a smaller step for each passage: no two scores of a question are equal.
        X[:, 0], Y[:, 0] = 1, torch.arange(9) / 1024
        # Encoders give scores of several hundred, of either sign: one more component shifts all scores.
        level = torch.full((4, 1), 256.0)
        near, far = (torch.cat([X, side * level], dim=1) for side in (1, -1))
        raised = torch.cat([Y, torch.ones(9, 1)], dim=1)
        for probe, questions, vectors, k, B in (
            ("top", X, Y, 4, 4), ("large", near, raised, 3, 4), ("small", far, raised, 3, 4), ("single", X, Y, 2, 1), ("all", X, Y, 50, 4),
        ):  # fmt: skip
            with o.probe(probe):
                candidates = objects["get_topk_candidates"](questions[:B], vectors, samples[:B], passages, k)
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
        Test("number of questions", 1, ("some.num_queries", "some.recall", "one.recall"), "The result also holds 'num_queries', and must be right for one question and for a k beyond the end of the list."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        accuracy = objects["topk_retrieval_accuracy"]
        # With these numbers of questions the percentages have few digits, so that rounded ones are right.
        candidates = self._draw(rng, 40)
        some = self._draw(rng, int(rng.choice([20, 25, 50])))
        second = next(c for c in candidates if c["gold_id"] == c["topk_ids"][1])
        every_k = [int(k) for k in rng.permutation(np.arange(2, LENGTH))]
        for probe, given, k_values, options in (
            ("id", candidates, (1, *every_k, LENGTH), {}),
            ("title", candidates, [*every_k, 1, LENGTH], {"by": "title"}),
            ("some", some, (1, *every_k[:8], 100), {}),
            ("one", [second], (1, 2, 100), {}),
        ):
            with o.probe(probe):
                result = accuracy(given, k_values, **options)
                if not isinstance(result, dict):
                    raise TypeError(f"expected a dict, got {type(result).__name__}")
                o[f"{probe}.recall"] = array([float(result[k]) for k in k_values])
                o[f"{probe}.num_queries"] = int(result.get("num_queries", -1))
        return o

    @staticmethod
    def _draw(rng, n):
        """Draw candidates of `n` questions: the gold is at any place or absent, and some have another passage of its article."""
        golds = [{"id": make_id(rng, "p"), "title": phrase(rng, 3)} for _ in range(n)]
        places = rng.integers(0, LENGTH + 5, n)  # beyond the list: not found
        places[:3] = 0, 1, LENGTH
        candidates = []
        for gold, place in zip(golds, places):
            ids = [make_id(rng, "p") for _ in range(LENGTH)]
            # Other titles begin as the gold's does, or are a part of it.
            titles = [gold["title"] + f" {phrase(rng, 1)}" if i % 2 else gold["title"].rsplit(" ", 1)[0] for i in range(LENGTH)]
            if rng.integers(2):
                titles[rng.integers(LENGTH)] = gold["title"]
            if place < LENGTH:
                ids[place], titles[place] = gold["id"], gold["title"]
            candidates.append(
                {
                    "question": phrase(rng, 6), "answers": [phrase(rng, 1)], "gold_id": gold["id"], "gold_title": gold["title"],
                    "topk_ids": ids, "topk_titles": titles, "topk_indices": [*range(LENGTH)], "topk_values": [*range(LENGTH, 0, -1)],
                }
            )  # fmt: skip
        return [candidates[i] for i in rng.permutation(n)]
