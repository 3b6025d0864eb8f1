"""Measures R@1 for each `Way` that applies to a case. A Way is one choice of how texts become vectors.

The Ways exchange the two encoders, use another pooling, read padding as text, read titles in another way, add other prefixes to
the texts, or use another tokenizer.
"""

import torch

from dpr_course.diagnose.sample import compare, vocabulary, ways_of
from dpr_course.diagnose.ways import OWN, encode, padded, with_way

EXTRA = 8  # padding tokens added to each text
FIRST = 64  # questions on which every Way is tried; those that look better are measured on all questions


def measure_ways(sample):
    """Return R@1 in percent, among the sample's passages, with the run's own vectors and with those of every other Way.

    questions, passages  numbers of questions and passages in the sample
    r1           R@1 with the run's own vectors
    pooling      the pooling that gives the run's own vectors; None: no pooling does. This pooling is not among the `ways`.
    ways         {name: {"r1", "gain", "z"}}: R@1, its gain in points over the run's own R@1, and McNemar's z of the gain. The
                 names are those of `ways_of` and three more: "score cosine" or "score dot", whichever the run does not use;
                 "questions centred" (their mean is subtracted); and "whitened" (the means of questions and of passages are
                 subtracted, and vectors are compared by cosine).
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
    """Return {"shift", "texts"}: how far a vector moves if its text gets EXTRA more padding tokens, and the number of texts.

    The shift is the median distance that the vectors move, divided by the median distance of a vector from the mean of all. It is
    measured for questions and for passages, and the larger of the two shifts is returned. A model that uses its mask has the shift 0.
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
    """Return how the tokenizer fits the model, as a dict with these keys:

    unknown        share of [UNK] among the tokens of some passages
    highest        largest token id of the tokenizer
    rows           number of rows of the model's embedding table; None: there is no table
    same_as_start  whether the vocabulary is that of the tokenizer before training; None: not known
    tokens         number of tokens that were counted
    """
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
    """Return whether two sets of vectors, A and B (n, d), are equal except for rounding."""
    return A.shape == B.shape and bool(torch.allclose(A, B, rtol=1e-3, atol=1e-3 * float(A.abs().mean())))
