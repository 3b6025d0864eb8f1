"""Checks of stage 02."""

import copy

import torch

from dpr_course.checks.core import Check, Observation, Test
from dpr_course.checks.fixtures import generator, make_samples, phrase
from dpr_course.track import get_track


class Collate(Check):
    exercise, number, title = "tensorize_contrastive", "2.1", "From samples to a batch"
    names = ("tensorize_contrastive",)
    tests = (
        Test("questions", 1, ("plain.questions", "plain.Q_mask", "single.questions"), "Q must hold the questions, one per row, in the order of the samples, with [CLS] and [SEP]; Q_mask is 1 on their tokens. Both are tensors of int64."),
        Test("passages", 1, ("plain.passages", "plain.P_mask", "hard.pairs"), "P must hold the gold passages as pairs, [CLS] title [SEP] text [SEP]: give the tokenizer titles and texts as two lists. P_mask is 1 on their tokens. Both are tensors of int64."),
        Test("labels", 1, ("plain.golds", "plain.types", "single.golds", "single.types"), "labels[i] must be the row of P that holds question i's gold passage, and labels must be a tensor (B,) of int64."),
        Test("hard negatives", 2, ("hard.sizes", "hard.rows", "hard.golds", "off.rows", "hard.input"), "With use_hard_negative every hard negative is a row of P too, and the labels must follow: where does each gold passage end up? Without use_hard_negative they stay out. Leave the samples as they are."),
        Test("samples without a hard negative", 1, ("ragged.rows", "ragged.golds"), "Some samples have no 'hard_negative'. The label is the number of passages already in the batch, whatever the samples before it have brought."),
        Test("padding and truncation", 1, ("long.ends", "long.longest", "plain.padding", "plain.side"), "Texts longer than MAX_LENGTH tokens must be cut by the tokenizer, so that [SEP] still closes them. Padding comes after the tokens, and goes no further than the longest row of the batch."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        tokenizer = get_track().load_tokenizer()
        plain = make_samples(rng, 4)
        plain[2]["question"] += " what is this"  # the longest of both, so that the others are padded
        plain[0]["gold_context"]["title"] = phrase(rng, 3)
        plain[1]["gold_context"]["text"] += f" {phrase(rng, 8)}"
        hard = make_samples(rng, 4, lambda i: True)
        hard[1]["hard_negative"]["title"] = hard[1]["gold_context"]["title"]  # another passage of one article
        ragged = make_samples(rng, 5, lambda i: i in (1, 2, 4))
        single = make_samples(rng, 1)
        long = make_samples(rng, 3, words=8)
        long[1]["question"] = " ".join(["the"] * 130)
        long[2]["gold_context"]["text"] = " ".join(["of"] * 130)

        def rows(ids):
            """Return the text of each row, whatever its mask is."""
            return [tokenizer.decode(r[r != tokenizer.pad_token_id]) for r in ids]

        def pair(p):
            return tokenizer.decode(tokenizer(p["title"], p["text"]).input_ids)

        def spread(ids, mask):
            """Return type and shape of both, and the number of tokens in each row by the mask, the smallest first."""
            return f"{ids.dtype} {tuple(ids.shape)} {mask.dtype} {tuple(mask.shape)} {sorted(mask.sum(1).tolist())}"

        def record(probe, samples, *options):
            with o.probe(probe):
                sizes, before = [], copy.deepcopy(samples)
                for _ in range(2):  # the same samples come again in the next epoch
                    Q, Q_mask, P, P_mask, labels = objects["tensorize_contrastive"](samples, *options)
                    sizes.append(len(P))
                o[f"{probe}.sizes"], o[f"{probe}.input"] = sizes, int(samples == before)
                passages = rows(P)
                o[f"{probe}.questions"] = "\n".join(rows(Q))
                # Sorted: positives and negatives may be laid out in any order, if the labels follow.
                o[f"{probe}.passages"] = "\n".join(sorted(passages))
                o[f"{probe}.Q_mask"], o[f"{probe}.P_mask"] = spread(Q, Q_mask), spread(P, P_mask)
                is_tensor = isinstance(labels, torch.Tensor)
                o[f"{probe}.types"] = f"{labels.dtype} {tuple(labels.shape)}" if is_tensor else type(labels).__name__
                found = [_nearest(p, before) for p in passages]
                o[f"{probe}.rows"] = " ".join(sorted(p["id"] for p in found))
                o[f"{probe}.pairs"] = int(all(row == pair(p) for row, p in zip(passages, found)))
                o[f"{probe}.golds"] = " ".join(found[int(i)]["id"] if 0 <= i < len(found) else "no such row" for i in labels)
                o[f"{probe}.ends"] = "\n".join(sorted(" ".join(row.split()[-3:]) for row in (*rows(Q), *passages)))
                o[f"{probe}.longest"] = [int(mask.sum(1).max()) for mask in (Q_mask, P_mask)]
                o[f"{probe}.padding"] = [int(mask.shape[1] - mask.sum(1).max()) for mask in (Q_mask, P_mask)]
                o[f"{probe}.side"] = [int((mask.diff() <= 0).all()) for mask in (Q_mask, P_mask)]

        record("plain", plain)
        record("hard", hard, True)
        record("off", hard)
        record("ragged", ragged, True)
        record("single", single, True)
        record("long", long)
        return o


def _nearest(row, samples):
    """Return the passage of `samples` whose text is most like `row`, so that a wrong row of P is not taken for a wrong label."""
    passages = [s[key] for s in samples for key in ("gold_context", "hard_negative") if key in s]

    def pairs(text):
        words = text.split()
        return set(zip(words, words[1:]))

    return max(passages, key=lambda p: len(pairs(p["text"]) & pairs(row)))
