"""Checks of stage 03's exercises: the k best passages of each question, and Recall@k."""

import copy
import hashlib

import numpy as np
import torch

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.findings import agree, numbers
from dpr_course.checks.fixtures import drawn, dyadic, generator, make_id, make_passage, make_samples, phrase

LENGTH = 12  # number of candidates per question in exercise 3.2
CROWD = 1131  # questions in the largest search of exercise 3.1; no multiple of a number that a student is likely to use for chunks
MANY = 1300  # passages in the largest search of exercise 3.1, more than any fixed limit that a student is likely to use
LONELY = {"single": "with a single question", "alone": "with a single passage in the knowledge base"}  # probes of exercise 3.1


def _passages(samples, rng, n):
    """Return `n` passages in random order: the gold passages of `samples`, and random ones."""
    passages = [s["gold_context"] for s in samples]
    passages += [make_passage(rng, 100 + i) for i in range(n - len(passages))]
    return [passages[i] for i in rng.permutation(len(passages))]


class TopkCandidates(Check):
    exercise, number, title = "get_topk_candidates", "3.1", "The k best passages"
    names = ("get_topk_candidates",)
    tests = (
        Test("the right passages, best first", 1, ("top.ids", "large.ids", "small.ids", "single.ids", "many.ids", "many.count", "crowd.ids", "top.input"), "For each question, return the k passages with the highest dot product, the highest first, however large or negative the scores are, and however many passages and questions there are."),
        Test("their scores", 1, ("top.values", "top.golds", "large.values", "small.values"), "topk_values must be the dot products of the question's vector with those passages."),
        Test("k larger than the knowledge base", 1, ("all.ids", "all.count", "alone.ids"), "If k is larger than the number of passages, return them all, the best first."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        samples = make_samples(rng, 4)
        passages = _passages(samples, rng, 9)
        X, Y = dyadic(rng, 4, 6), dyadic(rng, 9, 6)
        # Scores are multiples of 1/64, plus a smaller number that differs by passage: no two scores of a question are equal.
        X[:, 0], Y[:, 0] = 1, torch.arange(9) / 1024
        # Real encoders give scores of several hundred, positive or negative: one more component shifts all scores by 256.
        level = torch.full((4, 1), 256.0)
        near, far = (torch.cat([X, side * level], dim=1) for side in (1, -1))
        raised = torch.cat([Y, torch.ones(9, 1)], dim=1)
        many = [{"id": f"{passages[0]['id']}-{i}", "title": "one", "text": "of many"} for i in range(MANY)]
        places = torch.tensor(rng.permutation(MANY)) / 1024
        crowd = dyadic(rng, CROWD, 6)
        crowd[:, 0] = 1
        for probe, questions, vectors, pool, k, B in (
            ("top", X, Y, passages, 4, 4), ("large", near, raised, passages, 3, 4), ("small", far, raised, passages, 3, 4),
            ("single", X, Y, passages, 2, 1), ("all", X, Y, passages, 50, 4), ("alone", X, Y[:1], passages[:1], 3, 2),
            ("many", torch.tensor([[1.0, 2], [-1, 3]]), torch.stack([places, torch.ones(MANY)], 1).float(), many, MANY - 100, 2),
            ("crowd", crowd, Y, passages, 2, CROWD),
        ):  # fmt: skip
            with o.probe(probe):
                given = questions[:B].clone(), vectors.clone()
                asked = [samples[i % 4] for i in range(B)]
                candidates = objects["get_topk_candidates"](*given, asked, pool, k)
                ids = [[str(i) for i in c["topk_ids"]] for c in candidates]
                o[f"{probe}.count"] = [len(row) for row in ids]
                o[f"{probe}.twice"] = int(any(len(set(row)) < len(row) for row in ids))
                o[f"{probe}.input"] = int(torch.equal(given[0], questions[:B]) and torch.equal(given[1], vectors))
                o[f"{probe}.golds"] = " ".join(c["gold_id"] for c in candidates)
                text = "\n".join(" ".join(row) for row in ids)
                o[f"{probe}.ids"] = hashlib.sha256(text.encode()).hexdigest()[:16] if probe in ("many", "crowd") else text
                if probe not in ("many", "alone", "crowd"):
                    o[f"{probe}.values"] = array([list(c["topk_values"]) for c in candidates])
        return o

    def finding(self, test, seen, expected):
        if test.name == "their scores":
            return ""
        if not seen.get("top.input", 1):
            return "The vectors X or Y that were passed in are changed by the call. Leave them as they are."
        stopped = next((p for p in (k.split(".")[0] for k in test.keys) if f"{p}.error" in seen), "")
        if stopped in LONELY and "top.error" not in seen and "out of range" not in seen[f"{stopped}.error"]:
            return f"It stopped {LONELY[stopped]}: is an axis of length 1 squeezed away? {test.hint}"
        for probe, k, n, B in (("top", 4, 9, 4), ("single", 2, 9, 1), ("large", 3, 9, 4), ("small", 3, 9, 4), ("all", 50, 9, 4), ("alone", 3, 1, 2), ("many", MANY - 100, MANY, 2), ("crowd", 2, 9, CROWD)):  # fmt: skip
            if f"{probe}.ids" not in test.keys or f"{probe}.ids" not in seen or seen[f"{probe}.ids"] == expected[f"{probe}.ids"]:
                continue
            counts, asked = list(seen[f"{probe}.count"]), f"With k = {k:,} and {n:,} passages"
            if len(counts) != B:
                return f"For {B:,} questions the candidates of {len(counts):,} come back: each question needs its own, however many there are."
            if counts != [min(k, n)] * B:
                return f"{asked}, a question gets {min(counts):,} candidates. {test.hint}"
            if seen[f"{probe}.twice"]:
                return f"A question has the same passage twice among its candidates. {test.hint}"
            have, want = ([sorted(row.split()) for row in x[f"{probe}.ids"].split("\n")] for x in (seen, expected))
            if have == want:
                return f"The right passages are returned, but not the best first: their order is wrong. {test.hint}"
            if probe == "crowd":
                return f"For {B:,} questions some get wrong passages, although a few questions get the right ones: do the vectors, scores and candidates of a question stay together? {test.hint}"
            near = f"With 9 passages the right ones are found, but not with {n:,}, whose scores lie close together. {test.hint}"
            return near if probe == "many" else ""
        return ""


class TopkAccuracy(Check):
    exercise, number, title = "topk_retrieval_accuracy", "3.2", "Recall@k"
    names = ("topk_retrieval_accuracy",)
    tests = (
        Test("by passage id", 2, ("id.recall",), "R@k is the percentage of questions whose gold passage is among the first k candidates."),
        Test("by title", 1, ("title.recall",), "With by='title' a candidate counts if its title is the gold title, even if it is another passage. Only the first k candidates are looked at."),
        Test("number of questions", 1, ("some.num_queries", "some.recall", "one.recall", "some.input", "default.recall", "again.recall", "again.num_queries"), "The result also holds 'num_queries', and must be right for one question, for a k beyond the end of the list, and with k_values and by left at their defaults. A question that is asked twice counts twice. Leave the candidates as they are."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        accuracy = objects["topk_retrieval_accuracy"]
        # With these numbers of questions the percentages have few digits, so that a solution may round them.
        candidates = self._draw(rng, 40)
        some = self._draw(rng, int(rng.choice([20, 25, 50])))
        again = self._draw(rng, 20)
        for i in range(0, 20, 4):  # the same question twice, each time with another gold passage
            again[i]["question"] = again[i + 1]["question"]
        second = next(c for c in candidates if c["gold_id"] == c["topk_ids"][1])
        every_k = [int(k) for k in rng.permutation(np.arange(2, LENGTH))]
        # The largest k is neither first nor last.
        for probe, asked, k_values, options in (
            ("id", candidates, (1, *every_k[:4], LENGTH, *every_k[4:]), {}),
            ("title", candidates, [*every_k, LENGTH, 1], {"by": "title"}),
            ("some", some, (1, *every_k[:8], 100), {}),
            ("one", [second], (1, 2, 100), {}),
            ("default", some, (1, 5, 10, 20, 100), None),
            ("again", again, (1, 4, 8, 12), {}),
        ):
            given = copy.deepcopy(asked)
            with o.probe(probe):
                result = accuracy(given) if options is None else accuracy(given, k_values, **options)
                if not isinstance(result, dict):
                    raise TypeError(f"expected a dict, got {type(result).__name__}")
                if missing := [k for k in k_values if k not in result]:
                    raise LookupError(
                        f"the result has no entry for k = {missing[0]}, only for {', '.join(map(repr, result))}"[:150]
                    )
                o[f"{probe}.recall"] = array([float(result[k]) for k in k_values])
                o[f"{probe}.k"] = list(k_values)
                o[f"{probe}.falls"] = int(any(result[a] > result[b] + 1e-9 for a in k_values for b in k_values if a < b))
                o[f"{probe}.num_queries"] = int(result.get("num_queries", -1))
                o[f"{probe}.input"] = int(given == asked)
        return o

    def finding(self, test, seen, expected):
        if not all(seen.get(f"{p}.input", 1) for p in ("id", "title", "some", "one", "default", "again")):
            return "The candidates that were passed in are changed by the call, so that the next call finds others. Leave them as they are."
        keys = [k for k in test.keys if k.endswith("recall")]
        off = [k for k in keys if k in seen and not agree(np.asarray(seen[k], float), expected[k])]
        if (
            "again.recall" in test.keys
            and "again.recall" in seen
            and off in ([], ["again.recall"])
            and seen["some.num_queries"] == expected["some.num_queries"]
        ):
            return "What this test asks is right, except where a question is twice among the candidates, each time with another gold passage: it counts twice, in the recalls and in 'num_queries'."
        if off == ["default.recall"]:
            return "All is right except where k_values and by are left out: their defaults are (1, 5, 10, 20, 100) and 'id'."
        if off and max(seen[k].max() for k in off) > 100:
            return f"A recall is above 100 %: {max(seen[k].max() for k in off):g}. Each question counts once, and each k for itself. {test.hint}"
        if any(seen[k.replace("recall", "falls")] for k in off):
            return f"A larger k has a smaller recall, which is impossible: the first k candidates hold those of every smaller k. {test.hint}"
        for key in off:
            k_values, right = np.asarray(seen[key.replace("recall", "k")]), np.isclose(seen[key], expected[key], atol=1e-2)
            if right.any() and not right.all() and k_values[right].max() < k_values[~right].min():
                return f"The recalls are right up to k = {k_values[right].max()}, and wrong for every larger k. {test.hint}"
        said = [numbers(seen[k], expected[k], "the recalls") for k in off]
        if said and said[0]:
            return f"{said[0]} {test.hint}"
        if not off and seen["some.num_queries"] != expected["some.num_queries"]:
            return (
                f"'num_queries' is {seen['some.num_queries']} for {expected['some.num_queries']} questions."
                if seen["some.num_queries"] >= 0
                else "The result has no 'num_queries'."
            )
        return ""

    @staticmethod
    @drawn
    def _draw(rng, n):
        """Return random candidates (search results, see dpr_course.candidates) of `n` questions.

        The gold passage has a random rank or is absent. Some lists also hold another passage with the gold passage's title.
        """
        golds = [{"id": make_id(rng, "p"), "title": phrase(rng, 3)} for _ in range(n)]
        places = rng.integers(0, LENGTH + 5, n)  # a rank beyond the list means that the gold passage is not found
        places[:3] = 0, 1, LENGTH
        candidates = []
        for gold, place in zip(golds, places):
            ids = [make_id(rng, "p") for _ in range(LENGTH)]
            # The other titles begin like the gold passage's title, or are a part of it.
            titles = [gold["title"] + f" {phrase(rng, 1)}" if i % 2 else gold["title"].rsplit(" ", 1)[0] for i in range(LENGTH)]
            titles[rng.integers(LENGTH)] = gold["title"].upper()  # counts as another article's title, since case matters
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
