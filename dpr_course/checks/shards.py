"""Checks of stage 08's exercises on search: merging the results of several shards, and top-k accuracy by answer.

"By answer" means that a passage is a hit if its text holds an answer.
"""

import itertools

import numpy as np

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.fixtures import generator, make_passage, make_samples, snapshot
from dpr_course.checks.notes import SHARED, TOGETHER, hit_note, merged_note
from dpr_course.text import has_answer


class MergeShards(Check):
    exercise, number, title = "merge_shards", "8.3", "Reduce"
    names = ("merge_shards",)
    tests = (
        Test("the best of all shards", 2, ("plain.ids", "plain.scores", "one.ids", "one.scores", "plain.kept"), "The k highest scores over all shards, highest first, each with its own id. The results that are given stay as they are."),
        Test("shards that hold less", 1, ("short.ids", "short.scores", "short.shape"), "A shard may have fewer than k results, or none, and all of them together may have fewer than k."),
        Test("ties as in one search", 1, ("ties.ids", "ties.scores"), "Among equal scores the earlier shard comes first, and within a shard the earlier result."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()

        def shards(widths, levels):
            """Return a list with one (scores (3, n), ids (3, n)) per shard, for 3 questions; `widths` has the n of each shard.

            The scores are drawn from `levels`, for each question without repetition if there are enough levels.
            """
            total = sum(widths)
            names = np.array([f"p{i}" for i in rng.permutation(9000)[: 3 * total] + 1000]).reshape(3, total)
            long = dict(zip(np.cumsum(widths), ("", "-of-a-later-part", "-end")))  # ids of different shards may differ in length
            scores = np.stack([rng.choice(levels, total, replace=len(levels) < total) for _ in range(3)]).astype(np.float32)
            results = []
            for end, n in zip(np.cumsum(widths), widths):
                part = -np.sort(-scores[:, end - n : end], axis=1)  # (3, n)
                results.append((part, np.char.add(names[:, end - n : end], long[end])))
            return results

        distinct = rng.permutation(4000)[:2000] / 8 - 200
        for probe, widths, levels, k in (
            ("plain", (5, 5, 5), distinct, 5),
            ("short", (4, 0, 2), distinct, 9),
            ("ties", (20, 15, 20), [0.5, 1.0, -2.0], 30),
            ("one", (6,), distinct, 2),
        ):
            results = shards(widths, levels)
            given = [(s.copy(), i.copy()) for s, i in results]
            with o.probe(probe):
                scores, ids = objects["merge_shards"](given, k)
                o[f"{probe}.kept"] = int(snapshot(given) == snapshot(results))
                o[f"{probe}.scores"] = array(scores).astype(float)
                o[f"{probe}.ids"] = "\n".join(" ".join(map(str, row)) for row in ids)
                o[f"{probe}.shape"] = list(array(scores).shape)
                for key in ("ids", "scores", "shape"):
                    o.note(f"{probe}.{key}", merged_note(results, k, array(scores), ids))
        return o


class AnswerAccuracy(Check):
    exercise, number, title = "answer_accuracy", "8.4", "Accuracy by answer"
    names = ("answer_accuracy",)
    tests = (
        Test("a hit in the text", 1, ("plain.accuracy", "plain.kept"), "A question counts at k if one of its k best passages holds an answer in its text, whichever passage it is. has_answer decides; the title is not searched."),
        Test("best first", 1, ("order.accuracy",), "The higher the score, the better the passage. The order in which a run was written means nothing."),
        Test("all questions count", 1, ("missing.accuracy",), "A question that the run lacks, or that has no answers, counts as not answered. It still belongs to the total."),
        Test("any k", 1, ("deep.accuracy", "far.accuracy"), "k may be larger than the number of passages that were found, and k_values may come in any order."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        passages, samples = [make_passage(rng, i) for i in range(40)], make_samples(rng, 24)
        samples[1]["question"] = samples[0]["question"]  # asked twice, with other answers
        runs = {}
        for i, s in enumerate(samples):
            s["answers"] = [f"none{i}", f"answer{i} word"][:: rng.choice((1, -1))]
            hits = {0, int(rng.integers(1, 3))} if i % 6 == 3 else {int(rng.integers(0, 6))}  # passages with an answer
            scores = -np.sort(-rng.choice(np.arange(-40, 40), 4, replace=False)) / 8
            places = [passages[n] for n in rng.choice(40, 4, replace=False)]
            if i % 6 == 5:  # an answer that begins in one passage and ends in the next is in neither
                hits, pair = (), [make_passage(rng, 100 + i + n) for n in range(2)]
                pair[0]["text"], pair[1]["text"] = f"{pair[0]['text']} answer{i}", f"word {pair[1]['text']}"
                places[:2], passages = pair, passages + pair
            runs[s["id"]] = {p["id"]: float(v) for p, v in zip(places, scores)}
            for j, p in enumerate(places):
                if j in hits:
                    p["text"] += f" Answer{i}  Word"
                elif i % 6 < 5 and rng.random() < 0.5:  # no hits: answer in the title, its letters in the text
                    p["title"], p["text"] = f"{p['title']} answer{i} word", f"{p['text']} answer{i} words"
        shuffled = {q: dict(rng.permutation(list(run.items())).tolist()) for q, run in runs.items()}
        shuffled = {q: {p: float(v) for p, v in run.items()} for q, run in shuffled.items()}
        lacking = {s["id"]: {} if i % 8 == 5 else runs[s["id"]] for i, s in enumerate(samples) if i % 4}
        blank = [{**s, "answers": [] if i % 3 == 2 else s["answers"]} for i, s in enumerate(samples)]
        more, far = self._long(rng, samples, runs)
        for probe, run, asked, k_values in (
            ("plain", runs, samples, (1, 3)),
            ("order", shuffled, samples, (1, 2)),
            ("missing", lacking, blank, (1, 3)),
            ("deep", runs, samples, (100, 2)),
            ("far", far, samples, (200, 130, 2)),
        ):
            parts = np.split(rng.permutation(24), [5, 12, 13])  # groups of 5, 7, 1 and 11 questions
            with o.probe(probe):
                given = [run, asked, passages + more, k_values]
                before = snapshot(given) if probe == "plain" else None
                o[f"{probe}.accuracy"] = array([self._asked(objects, given, [asked[i] for i in part]) for part in parts])
                o[f"{probe}.kept"] = int(probe != "plain" or snapshot(given) == before)
                o.note(f"{probe}.accuracy", self._misjudged(objects, given))
        return o

    @staticmethod
    def _long(rng, samples, runs):
        """Return (150 new passages, a run {question id: {passage id: score}}).

        The run is `runs`, except that three questions find all 150 new passages, with their first hit far down the list.
        """
        more, far = [make_passage(rng, 200 + n) for n in range(150)], dict(runs)
        for i in (1, 8, 15):
            own = dict(zip((p["id"] for p in more), (-np.arange(150) / 4 - rng.random()).tolist()))
            more[int(rng.integers(105, 125))]["text"] += f" answer{i} word"
            far[samples[i]["id"]] = dict(reversed(own.items()))
        return more, far

    @staticmethod
    def _asked(objects, given, questions):
        """Call the student's answer_accuracy with `questions`, a list of samples, and return a percentage for each of k_values.

        `given` is (run, all samples, passages, k_values), where run is {question id: {passage id: score}}. Only the run's entries
        for `questions` are passed on.
        """
        run, _, passages, k_values = given
        part = {s["id"]: run[s["id"]] for s in questions if s["id"] in run}
        result = objects["answer_accuracy"](part, questions, passages, k_values)
        if not isinstance(result, dict):
            raise TypeError(f"expected a dict, got {type(result).__name__}")
        return [float(result[k]) for k in k_values]

    def _misjudged(self, objects, given):
        """Call the student's answer_accuracy for each question alone, and return a sentence on the first wrong result.

        `given` is (run, samples, passages, k_values). If no result is wrong, return what `_crossed` returns.
        """
        run, samples, passages, k_values = given
        texts, alone = {p["id"]: p["text"] for p in passages}, []
        for s in samples:
            scores = run.get(s["id"], {})
            ranked = sorted(scores, key=scores.get, reverse=True)
            first = next((n for n, i in enumerate(ranked, 1) if has_answer(texts[i], s["answers"])), None)
            alone.append(self._asked(objects, given, [s]))
            for k, percent in zip(k_values, alone[-1]):
                if note := hit_note(first, k, percent, len(ranked)):
                    return note
        return self._crossed(objects, given, alone)

    def _crossed(self, objects, given, alone):
        """Return a sentence if two questions go wrong together only where both found the same passage, and otherwise TOGETHER.

        alone: what the student's answer_accuracy gives for each question alone, a list of percentages each
        """
        run, samples, _, _ = given
        if np.allclose(self._asked(objects, given, samples), np.mean(alone, axis=0)):
            return TOGETHER
        wrong = {True: 0, False: 0}  # number of pairs, by whether both questions found the same passage
        for (s, a), (t, b) in itertools.permutations(zip(samples, alone), 2):
            if s["question"] != t["question"]:
                common = bool(run.get(s["id"], {}).keys() & run.get(t["id"], {}).keys())
                wrong[common] += not np.allclose(self._asked(objects, given, [s, t]), np.mean([a, b], axis=0))
        return SHARED if wrong[True] and not wrong[False] else TOGETHER
