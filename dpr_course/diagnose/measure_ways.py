"""Measures R@1 for each applicable way of making the vectors (`Way`).

The ways are: encoders exchanged, another pooling, padding read as text, another use of titles, other prefixes, another tokenizer.
"""

import torch

from dpr_course.diagnose.sample import compare, vocabulary, ways_of
from dpr_course.diagnose.ways import OWN, encode, padded, with_way

EXTRA = 8  # padding tokens added to each text
FIRST = 64  # questions on which every Way is tried; the better ones are measured on all


def measure_ways(sample):
    """Return {"questions", "passages", "r1", "ways": {name: {"r1", "gain", "z"}}}: R@1 in percent among the sample's passages.

    The pooling that gives the run's own vectors is left out of "ways" and returned as "pooling" (None: no pooling does).
    """
    right, first = sample.right(), sample.part(FIRST)
    right_first = first.right()
    found = {
        "questions": len(sample.questions),
        "passages": len(sample.passages),
        "r1": round(100 * float(right.float().mean()), 2),
    }
    few, ways, own = sample.questions[:8], {}, None
    reference = sample.encoding.vectors("question", few, with_way(OWN))
    for name, way in ways_of(sample.case).items():
        if way.pooling and own is None and _same(reference, sample.encoding.vectors("question", few, way)):
            own = way.pooling
            continue
        ways[name] = compare(right_first, first.right(way))
        if ways[name]["gain"] > 0 and ways[name]["z"] > 0.3:  # it looks better: measure it on all questions
            ways[name] = compare(right, sample.right(way))
    for kind in {"dot", "cosine"} - {sample.case.score}:
        ways[f"score {kind}"] = compare(right, sample.right(kind=kind))
    X, Y = sample.vectors()
    ways["questions centred"] = compare(right, sample.right(X=X - X.mean(0), Y=Y))
    ways["whitened"] = compare(right, sample.right(X=X - X.mean(0), Y=Y - Y.mean(0), kind="cosine"))
    return found | {"pooling": own, "ways": ways}


def measure_mask(sample, most=48):
    """Return {"shift", "texts"}: how far a vector moves when its text is padded further, relative to the distance of two texts.

    It is the larger one of both sides, and 0 for a model that uses its mask.
    """
    case, shifts, texts = sample.case, [], 0
    pad = case.tokenizer.pad_token_id or 0
    was_training = case.model.training
    case.model.eval()
    device = next((p.device for p in case.model.parameters()), None)
    for side, records in (("question", sample.questions[:most]), ("passage", sample.passages[:most])):
        tokens = [t[: case.max_length - EXTRA] for t in sample.encoding.tokens(side, records)]
        texts += len(tokens)
        T = max(map(len, tokens))
        with torch.inference_mode():
            A, B = (encode(case.model, side, *padded(tokens, T + extra, pad, device)).float() for extra in (0, EXTRA))  # (n, d)
        spread = (A - A.mean(0)).norm(dim=1).median()
        shifts.append(float((A - B).norm(dim=1).median() / spread.clamp(min=1e-12)))
    case.model.train(was_training)
    return {"shift": round(max(shifts), 5), "texts": texts}


def measure_tokenizer(sample):
    """Return {"unknown", "highest", "rows", "same_as_start", "tokens"}: share of [UNK], largest id against rows of the embedding."""
    case = sample.case
    tokens = sample.encoding.tokens("passage", sample.passages[:200])
    total = sum(map(len, tokens))
    unknown = case.tokenizer.unk_token_id
    table = next((m for m in case.model.modules() if isinstance(m, torch.nn.Embedding)), None)
    return {
        "unknown": round(sum(t.count(unknown) for t in tokens) / max(1, total), 4) if unknown is not None else 0.0,
        "highest": max(vocabulary(case.tokenizer).values()),
        "rows": table.num_embeddings if table is not None else None,
        "same_as_start": None if case.start_tokenizer is None else vocabulary(case.start_tokenizer) == vocabulary(case.tokenizer),
        "tokens": total,
    }


def _same(A, B):
    """Return whether two sets of vectors (n, d) are the same except for rounding."""
    return A.shape == B.shape and bool(torch.allclose(A, B, rtol=1e-3, atol=1e-3 * float(A.abs().mean())))
