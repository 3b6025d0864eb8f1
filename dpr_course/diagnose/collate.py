"""Measures what a run's collate function does with its samples, and what its loss function does with made-up vectors."""

import torch
import torch.nn.functional as F

from dpr_course.diagnose.ways import passage_tokens

STYLES = ("pair", "joined", "text")


def measure_collate(case, most=16):
    """Let the run's collate function make a batch of at most `most` training samples, and return measures of the batch.

    The batch is (Q, Q_mask, P, P_mask, labels), with Q the token ids of questions and P those of passages. Return {} if there is
    no collate function or no training sample.

    labels      share of the questions whose label is the row of their gold passage in P
    in_order    whether the labels are 0, 1, 2, ...
    exchanged   whether Q holds the passages, and P the questions
    mask        share of the padding tokens on which the mask is 1
    hidden      share of the tokens that are not padding on which the mask is 0
    padding     number of padding tokens
    style       how the gold passages are tokenized, one of STYLES; None: in none of these styles
    question_prefix, passage_prefix  the text that precedes every question, and every gold passage; "" if there is none
    blank       share of the columns that are padding in every row; the larger of two shares, that of Q and that of P
    rows, questions  number of passages and of questions in the batch
    longest     number of tokens of the longest passage in the batch
    expected_longest  number of tokens of the longest gold passage, tokenized here and cut at max_length
    """
    if case.collate is None or not case.train:
        return {}
    samples = [s for s in case.train if s["question"]][:most]
    Q, Q_mask, P, P_mask, labels = (torch.as_tensor(t).cpu() for t in tuple(case.collate(samples))[:5])
    golds = {style: _tokens(case, [s["gold_context"] for s in samples], style) for style in STYLES}
    rows, asked = _rows(P, case.tokenizer), _rows(Q, case.tokenizer)
    exchanged = sum(any(_reads(row, g) for row in asked) for g in golds["pair"]) > len(samples) / 2
    if exchanged:
        rows, asked = asked, rows
    style = max(STYLES, key=lambda s: (sum(any(_reads(row, g, exact=True) for row in rows) for g in golds[s]), s == case.style))
    exact = sum(any(_reads(row, g, exact=True) for row in rows) for g in golds[style]) > len(samples) / 2
    at = labels.reshape(-1).tolist()
    named = [0 <= i < len(rows) and any(_reads(rows[i], g[j]) for g in golds.values()) for j, i in enumerate(at[: len(samples)])]
    pad = case.tokenizer.pad_token_id
    blank = max(float((pad == ids).all(0).float().mean()) for ids in (Q, P))
    padding, text = torch.cat([(pad == P).flatten(), (pad == Q).flatten()]), torch.cat([P_mask.flatten(), Q_mask.flatten()]).bool()
    return {
        "labels": sum(named) / max(1, len(samples)), "in_order": at == list(range(len(at))), "exchanged": exchanged,
        "mask": float((padding & text).sum() / padding.sum().clamp(min=1)), "padding": int(padding.sum()),
        "hidden": float((~padding & ~text).sum() / (~padding).sum()), "style": style if exact else None,
        "question_prefix": _before(case, asked, [s["question"] for s in samples]), "blank": blank, "rows": len(rows),
        "passage_prefix": _before_golds(case, rows, at, samples) if not exact and min(at) >= 0 and max(at) < len(rows) else "",
        "questions": len(samples),
        "longest": int(max(map(len, rows))), "expected_longest": max(map(len, golds[style])),
    }  # fmt: skip


def _tokens(case, passages, style):
    return passage_tokens(case.tokenizer, passages, style, "", dict(truncation=True, max_length=case.max_length))


def _rows(ids, tokenizer):
    """Return the rows of `ids`, a tensor of token ids, as lists without padding."""
    return [[t for t in row if t != tokenizer.pad_token_id] for row in ids.tolist()]


def _reads(row, gold, exact=False):
    """Return whether the token list `row` was made from the passage with the token list `gold`.

    With `exact`, the lists must be equal. Otherwise it is enough that up to 12 neighbouring tokens of the shorter list occur in
    the longer list, since the row may be cut off, or have a prefix before the passage.
    """
    if exact:
        return row == gold
    inner, own = row[1:-1], gold[1:-1]
    if not inner or not own:
        return False
    middle = max(0, (len(own) - 12) // 2)  # a prefix may have pushed the end of the passage out of the row
    few = own[middle : middle + 12] if len(inner) >= len(own) else inner[-min(12, len(inner)) :]
    text = inner if len(inner) >= len(own) else own
    return any(text[i : i + len(few)] == few for i in range(len(text) - len(few) + 1))


def _before(case, rows, questions):
    """Return the text before the question in all `rows` (token lists); "" if there is none, or if the rows differ in it."""
    plain = case.tokenizer(questions, add_special_tokens=False).input_ids
    found = set()
    for row, own in zip(rows, plain):
        place = next((i for i in range(len(row)) if own and row[i : i + min(4, len(own))] == own[:4]), 0)
        found.add(tuple(row[1:place]))
    return case.tokenizer.decode(list(next(iter(found)))) if len(found) == 1 else ""


def _before_golds(case, rows, at, samples):
    """Return the prefix of all gold passages: the text before their title or, if titles are not read, before their text.

    The gold passage of samples[i] is in rows[at[i]]. Return "" if there is no prefix.
    """
    rows, golds = [rows[i] for i in at[: len(samples)]], [s["gold_context"] for s in samples]
    return _before(case, rows, [p["title"] or p["text"] for p in golds]) or _before(case, rows, [p["text"] for p in golds])


def measure_loss(case, B=16, d=24):
    """Call the run's loss function with a model that returns known vectors X (B, d) and Y (2B, d), and return measures of it.

    Return {} if there is no loss function, or if it cannot be called with such a model.

    follows     what the loss takes as the right passages: "labels" (the batch's labels) or "order" (0, 1, 2, ...); "reverse"
                if passages choose among questions instead; None: none of these gives the value of the loss
    normalised  whether the loss stays the same if the vectors get longer, as it does if it compares cosines
    temperature  the number that divides the scores in the loss; None: not found
    chunk       number of questions that share a softmax: B or fewer; None: not found
    copies      whether copies of a question's gold passage are left out of its softmax
    """
    if case.loss_fn is None:
        return {}
    generator = torch.Generator().manual_seed(0)
    X, Y = (0.5 * torch.randn(n, d, generator=generator) for n in (B, 2 * B))  # (B, d), (2B, d)
    labels = torch.arange(B) * 2
    try:
        value = _called(case, X, Y, labels)
        longer = _called(case, 2 * X, 2 * Y, labels)
    except Exception:  # a loss that needs more of the model than two sets of vectors
        return {}
    normalised = abs(longer - value) < 1e-3 * abs(value)
    A, C = (F.normalize(X, dim=1), F.normalize(Y, dim=1)) if normalised else (X, Y)
    S = A @ C.T  # (B, 2B)
    found = {"normalised": normalised, "follows": None, "temperature": None, "chunk": None, "copies": None}
    best = 1e-3
    for chunk in (B, *(c for c in (8, 4, 2) if c < B)):
        for name, scores, target in (
            ("labels", S, labels),
            ("order", S, torch.arange(B)),
            ("reverse", S[:, ::2].T, torch.arange(B)),
        ):
            part = torch.arange(B) // chunk
            meets = part[:, None] == (torch.arange(scores.shape[1]) // (scores.shape[1] // B) // chunk)[None]
            for T in _temperatures(d):
                off = abs(float(F.cross_entropy((scores / T).masked_fill(~meets, float("-inf")), target)) - value) / max(
                    1e-6, abs(value)
                )
                if off < best and torch.isfinite(torch.tensor(off)):
                    best, found["follows"], found["temperature"], found["chunk"] = off, name, T, chunk
    twice = Y.clone()
    twice[3] = twice[0]  # question 0's gold once more
    ids = torch.arange(2 * B)
    ids[3] = ids[0]
    plain = _called(case, X, twice, labels)
    masked = _called(case, X, twice, labels, ids)
    found["copies"] = abs(plain - masked) > 1e-6
    return found


def _temperatures(d):
    return (
        1.0,
        d**0.5,
        *(round(0.01 * i, 2) for i in (1, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50)),
        2.0,
        4.0,
        8.0,
        10.0,
        16.0,
        20.0,
        50.0,
        100.0,
    )


def _called(case, X, Y, labels, ids=None):
    """Return the run's loss, as a float, for a model that returns X and Y. Passages with equal `ids` get equal tokens."""
    ids = torch.arange(len(Y)) if ids is None else ids
    P = torch.stack([ids + 1000, ids + 2000], 1)  # (N, 2)
    Q = torch.arange(len(X)).unsqueeze(1) + 3000  # (B, 1)
    with torch.no_grad():
        found = case.loss_fn(_Fixed(X, Y), (Q, torch.ones_like(Q), P, torch.ones_like(P), labels))
    return float(found[0] if isinstance(found, tuple) else found)


class _Fixed(torch.nn.Module):
    """A model that returns the vectors X and Y with which it was made, whatever texts it is given."""

    def __init__(self, X, Y):
        super().__init__()
        self.X, self.Y = torch.nn.Parameter(X), torch.nn.Parameter(Y)

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        return (None if Q is None else self.X), (None if P is None else self.Y)
