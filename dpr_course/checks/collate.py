"""The check of stage 02's exercise: turn samples into a batch of tensors."""

import copy

import torch

from dpr_course.checks.core import Check, Observation, Test
from dpr_course.checks.findings import dtype, lines
from dpr_course.checks.fixtures import drawn, generator, make_samples, phrase
from dpr_course.track import get_track

NO_ROW = "no such row"  # written in place of a passage if a label is not a row of P


class Collate(Check):
    exercise, number, title = "tensorize_contrastive", "2.1", "From samples to a batch"
    names = ("tensorize_contrastive",)
    tests = (
        Test("questions", 1, ("plain.questions", "plain.Q_mask", "single.questions"), "Q must hold the questions, one per row, in the order of the samples, with [CLS] and [SEP]; Q_mask is 1 on their tokens. Both are tensors of int64."),
        Test("passages", 1, ("plain.passages", "plain.P_mask", "hard.pairs", "plain.rows"), "P must hold the gold passages as pairs, [CLS] title [SEP] text [SEP]: give the tokenizer titles and texts as two lists. P_mask is 1 on their tokens. Both are tensors of int64."),
        Test("labels", 1, ("plain.golds", "plain.types", "single.golds", "single.types"), "labels[i] must be the row of P that holds question i's gold passage, and labels must be a tensor (B,) of int64."),
        Test("hard negatives", 2, ("hard.rows", "hard.golds", "hard.sizes", "off.rows", "hard.input", "copies.rows", "copies.labels"), "With use_hard_negative, each gold passage is followed by its own sample's hard negative, and the labels must follow: where does each gold passage end up? Without use_hard_negative hard negatives stay out. Leave the samples as they are."),
        Test("samples without a hard negative", 1, ("ragged.rows", "ragged.golds"), "Some samples have no 'hard_negative'. The label is the number of passages already in the batch, whatever the samples before it have brought."),
        Test("padding and truncation", 1, ("long.ends", "long.longest", "long.written_in", "plain.padding", "plain.side"), "Texts longer than MAX_LENGTH tokens must be cut by the tokenizer, so that [SEP] still closes them. Padding comes after the tokens, and goes no further than the longest row of the batch."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        tokenizer, limit = get_track().load_tokenizer(), get_track().max_length
        inputs = self._draw(rng)

        def rows(ids):
            """Return the decoded text of each row of `ids`, without padding tokens. The mask is not used."""
            return [tokenizer.decode(r[r != tokenizer.pad_token_id]) for r in ids]

        def pair(p):
            return tokenizer.decode(tokenizer(p["title"], p["text"]).input_ids)

        def spread(ids, mask):
            """Return a text with dtype and shape of `ids` and of `mask`, and the sorted sums of the mask's rows."""
            return f"{ids.dtype} {tuple(ids.shape)} {mask.dtype} {tuple(mask.shape)} {sorted(mask.sum(1).tolist())}"

        for probe, samples, *options in inputs:
            with o.probe(probe):
                sizes, before = [], copy.deepcopy(samples)
                for _ in range(2):  # twice, since the same samples come again in the next epoch
                    Q, Q_mask, P, P_mask, labels = objects["tensorize_contrastive"](samples, *options)
                    sizes.append(len(P))
                o[f"{probe}.sizes"], o[f"{probe}.input"] = sizes, int(samples == before)
                passages = rows(P)
                o[f"{probe}.questions"] = "\n".join(rows(Q))
                o[f"{probe}.passages"] = "\n".join(sorted(passages))
                o[f"{probe}.Q_mask"], o[f"{probe}.P_mask"] = spread(Q, Q_mask), spread(P, P_mask)
                is_tensor = isinstance(labels, torch.Tensor)
                o[f"{probe}.types"] = f"{labels.dtype} {tuple(labels.shape)}" if is_tensor else type(labels).__name__
                found = [_nearest(p, before) for p in passages]
                o[f"{probe}.rows"] = " ".join(p["id"] for p in found)
                o[f"{probe}.pairs"] = int(all(row == pair(p) for row, p in zip(passages, found)))
                o[f"{probe}.golds"] = " ".join(found[int(i)]["id"] if 0 <= i < len(found) else NO_ROW for i in labels)
                o[f"{probe}.labels"] = [int(i) for i in labels]
                o[f"{probe}.ends"] = "\n".join(sorted(" ".join(row.split()[-3:]) for row in (*rows(Q), *passages)))
                o[f"{probe}.longest"] = [int(mask.sum(1).max()) for mask in (Q_mask, P_mask)]
                o[f"{probe}.padding"] = [int(mask.shape[1] - mask.sum(1).max()) for mask in (Q_mask, P_mask)]
                o[f"{probe}.side"] = [int((mask.long().diff() <= 0).all()) for mask in (Q_mask, P_mask)]
                o[f"{probe}.written_in"] = int(_holds(objects["tensorize_contrastive"], limit))
        return o

    @staticmethod
    @drawn
    def _draw(rng):
        """Return one tuple per probe (kind of input): (its name, the samples, and any further arguments of the student's function)."""
        plain = make_samples(rng, 4)
        plain[2]["question"] += " what is this"  # the longest question, so that the others are padded
        plain[0]["gold_context"]["title"] = phrase(rng, 3)
        plain[1]["gold_context"]["text"] += f" {phrase(rng, 8)}"
        hard = make_samples(rng, 4, lambda i: True)
        hard[1]["hard_negative"]["title"] = hard[1]["gold_context"]["title"]  # another passage of the same article
        ragged = make_samples(rng, 5, lambda i: i in (1, 2, 4))
        single = make_samples(rng, 1)
        long = make_samples(rng, 3, words=8)
        long[1]["question"] = " ".join(["the"] * 130)
        long[2]["gold_context"]["text"] = " ".join(["of"] * 600)
        copies = make_samples(rng, 4, lambda i: i > 0)  # questions 0 and 2 share a gold passage, which is 3's hard negative
        copies[2]["gold_context"], copies[3]["hard_negative"] = (copy.deepcopy(copies[0]["gold_context"]) for _ in range(2))
        return (
            ("plain", plain), ("hard", hard, True), ("off", hard), ("ragged", ragged, True), ("single", single, True),
            ("long", long), ("copies", copies, True),
        )  # fmt: skip

    def finding(self, test, seen, expected):
        if test.name in ("questions", "passages"):
            side = "Q" if test.name == "questions" else "P"
            types = seen[f"plain.{side}_mask"].split("torch.")
            for name, kind in ((side, types[1].split()[0]), (f"{side}_mask", types[2].split()[0])):
                if kind != "int64":
                    return f"{name} is a tensor of {kind}: it must be of int64."
            return lines(seen["plain.questions"], expected["plain.questions"], "Q") if side == "Q" else ""
        if test.name == "labels":
            said = (dtype(seen[key], expected[key], "labels") for key in ("plain.types", "single.types"))
            return next(filter(None, said), "")
        if test.name == "padding and truncation":
            return self._about_length(seen)
        if not all(seen.get(f"{probe}.input", 1) for probe in ("hard", "ragged", "copies")):
            return "The samples that were passed in are changed by the call. Leave them as they are: they come again in the next epoch."
        probes = ("ragged",) if test.name.startswith("samples") else ("hard", "off", "copies")
        return self._about_rows(probes, seen, expected) or self._about_labels(probes, seen, expected)

    @staticmethod
    def _about_length(seen):
        limit = get_track().max_length
        if max(seen["long.longest"]) > limit:
            return (
                f"A row has {max(seen['long.longest'])} tokens, but MAX_LENGTH is {limit}: tell the tokenizer to cut (truncation), "
                "and where (max_length)."
            )
        if seen["long.written_in"]:
            return f"The number {limit} is written into the function. Use MAX_LENGTH, which has another value with other settings."
        if any(seen["plain.padding"]):
            return (
                "The rows are padded further than the longest text of their batch. Pad to the longest one, Q and P each on its own."
            )
        return "" if all(seen["plain.side"]) else "The padding is not on the right, after the tokens."

    @staticmethod
    def _about_rows(probes, seen, expected):
        for probe in probes:
            have, want = seen[f"{probe}.rows"].split(), expected[f"{probe}.rows"].split()
            if len(have) != len(want):
                once = probe == "copies" and len(have) < len(want) and set(have) == set(want)
                again = " A passage that belongs to two samples is in P twice." if once else ""
                return f"P has {len(have)} rows where the samples of the batch bring {len(want)} passages.{again}"
            if have != want and sorted(have) == sorted(want):
                return (
                    "P holds the right passages, but in another order: sample by sample, the gold passage comes first, and its own "
                    "hard negative right after it."
                )
        return ""

    @staticmethod
    def _about_labels(probes, seen, expected):
        for probe in probes:
            wanted = expected.get(f"{probe}.golds", "").split()
            found = seen[f"{probe}.golds"].replace(NO_ROW, "-").split()
            if seen[f"{probe}.rows"] != expected[f"{probe}.rows"] or len(found) != len(wanted):
                continue
            for i, (label, mine, right) in enumerate(zip(seen[f"{probe}.labels"], found, wanted)):
                if mine == right:
                    continue
                if mine == "-":
                    return f"The rows of P are right, but labels[{i}] is {int(label)}, and P has no such row."
                what = "the gold passage of another question" if mine in wanted else "a hard negative"
                return f"The rows of P are right, but labels[{i}] is {int(label)}, and that row of P is {what}."
        return _about_copies(seen, expected) if "copies" in probes else ""


def _about_copies(seen, expected):
    """Return sentences on the first label of the probe "copies" that names a copy of the gold passage; "" if none does."""
    rows = seen["copies.rows"].split()
    if seen["copies.rows"] != expected["copies.rows"]:
        return ""
    for i, (label, right) in enumerate(zip(map(int, seen["copies.labels"]), map(int, expected["copies.labels"]))):
        if label != right:
            if not 0 <= label < len(rows) or rows[label] != rows[right]:
                return ""
            which = "an earlier" if label < right else "a later"
            return (
                f"A passage may be in P twice. The rows of P are right, but labels[{i}] is {label}, {which} copy of question {i}'s "
                "gold passage that another sample has brought. It must name the row that its own sample has brought."
            )
    return ""


def _holds(f, number):
    """Return whether the code of the function `f` contains the constant `number` and does not use MAX_LENGTH."""
    code = getattr(f, "__code__", None)
    codes = [code, *(c for c in code.co_consts if hasattr(c, "co_consts"))] if code else []
    named = {n for c in codes for n in (*c.co_names, *c.co_freevars)} & {"MAX_LENGTH", "max_length"}
    return not named and any(number in c.co_consts for c in codes)


def _nearest(row, samples):
    """Return the passage of `samples` that is most like `row`, the decoded text of one row of the batch's passages P.

    The result is the passage that shares the most pairs of neighbouring words with `row`. So a slight mistake in a row is not
    reported as a wrong label.
    """
    passages = [s[key] for s in samples for key in ("gold_context", "hard_negative") if key in s]

    def pairs(text):
        words = text.split()
        return set(zip(words, words[1:]))

    return max(passages, key=lambda p: len(pairs(p["text"]) & pairs(row)))
