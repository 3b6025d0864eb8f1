"""Finds the trace that training leaves in the embedding tables: which tokens and which positions each side has read.

A row of an embedding table has a gradient only in a training step that reads this row. So the row of a token that training never
read stays as it was, except for a factor that all rows share (weight decay). The row of a token that was in every text, for
example in a prefix, moves as far as the rows of the most frequent words.
"""

from collections import Counter

import torch

from dpr_course.diagnose.case import SIDES, backbone_of, is_tied
from dpr_course.diagnose.ways import Encoding, Way

FREQUENT = 0.25  # a token counts as frequent if at least this share of the texts holds it
STILL = 2e-3  # largest relative distance of a row that counts as not moved: the rounding of weights in half precision
FAR = 0.5  # a token has moved far if it moved by this share of the distance of frequent tokens
MOST = 24  # largest number of foreign tokens in the result
WHOLE = 512  # maximum number of tokens of an uncut text
KINDS = ("question", "passage")
STYLES = ("pair", "joined", "text")


def measure_trace(case):
    """Return {side: dict}, each dict with the keys below.

    Return {} if the model before training is not known, if there are fewer than 8 training samples, or if the
    embedding tables before and after training cannot be compared. If one encoder serves both sides, the training texts of a side
    are all training texts.

    A foreign token is one that moved more than FAR times as far as frequent tokens, although it is in no training text of this
    side, read as the evaluation reads texts. A frequent token is in at least the share FREQUENT of the texts.

    foreign    list of the foreign tokens that moved farthest, at most MOST
    count      number of all foreign tokens
    exchanged  what `count` would be if the side had read the texts of the other side
    styles     {style: what `count` would be if passages had been read in this other style}; {} on the question side
    frequent   number of frequent tokens
    reach      number of positions up to the last one whose embedding moved; None: not known
    longest    number of tokens of the longest training text of this side; a text is cut at WHOLE tokens, not at max_length
    texts      number of training texts of this side
    """
    if case.start is None or len(case.train) < 8:
        return {}
    found = {}
    for side, kind in zip(SIDES, KINDS):
        now, before = (backbone_of(m, side) for m in (case.model, case.start))
        if now is None or before is None or not hasattr(now, "get_input_embeddings"):
            return {}
        moved = moves(now.get_input_embeddings(), before.get_input_embeddings())  # (V,)
        if moved is None or not torch.isfinite(moved).all():
            return {}
        found[side] = _traced(case, kind, moved, reach(now, before))
    return found


def _traced(case, kind, moved, last):
    """Return the measures of one side. `kind` is "question" or "passage".

    `moved` (V,) is how far the rows of the token embeddings moved, and `last` is the number of positions up to the last one whose
    embedding moved.
    """
    other, read = KINDS[kind == "question"], _Texts(case, last or case.max_length)
    kinds = KINDS if is_tied(case.model) else (kind,)  # a shared encoder reads questions and passages
    both = [tokens for k in kinds for tokens in read(k)]
    foreign, frequent = strangers(moved, both)
    styles = {style: len(strangers(moved, read(kind, style))[0]) for style in STYLES if kind == "passage" and style != case.style}
    return {
        "foreign": case.tokenizer.convert_ids_to_tokens(foreign[:MOST]), "count": len(foreign),
        "exchanged": len(strangers(moved, read(other))[0]), "styles": styles, "frequent": frequent, "reach": last,
        "longest": max(len(tokens) for k in kinds for tokens in _Texts(case, WHOLE)(k)), "texts": len(both),
    }  # fmt: skip


class _Texts:
    """The training texts as lists of at most `length` tokens.

    A call with a kind, "question" or "passage", returns the texts of that kind. Passages are read in the case's own style or in
    the style that the call names.
    """

    def __init__(self, case, length):
        self.case, self.length, self.encoding = case, length, Encoding(case)

    def __call__(self, kind, style=None):
        case, hard = self.case, self.case.settings.hard is not False
        names = ("gold_context", *(["hard_negative"] if hard else []))
        some = [s["question"] for s in case.train] if kind == "question" else [s[n] for s in case.train for n in names if n in s]
        return self.encoding.tokens(kind, some, Way(style=style, max_length=self.length))


def moves(now, before):
    """Return how far each row of an embedding table (V, d) moved in training, (V,), apart from a factor that all rows share.

    Return None if the tables `now` and `before` differ in shape. The factor is the effect of weight decay.
    """
    A, B = (table.weight.detach().cpu().float() for table in (now, before))
    if A.shape != B.shape:
        return None
    long = B.square().sum(1) > 1e-12  # (V,)
    factors = (A[long] * B[long]).sum(1) / B[long].square().sum(1)
    unread = factors[(A[long] - factors[:, None] * B[long]).norm(dim=1) <= STILL * B[long].norm(dim=1)]
    factor = (unread if len(unread) else factors).median() if len(factors) else 1.0
    return (A - factor * B).norm(dim=1)


def strangers(moved, texts):
    """Return two values: a list of the foreign token ids, the farthest moved first, and the number of frequent tokens.

    `texts` is a list of token lists. A frequent token is in at least the share FREQUENT of the texts. A foreign token is in no
    text, and moved more than FAR times as far as frequent tokens.
    """
    counts = Counter(t for tokens in texts for t in set(tokens))
    frequent = [t for t, n in counts.items() if n >= FREQUENT * len(texts) and t < len(moved)]
    far = FAR * float(moved[frequent].median()) if frequent else 0.0
    if far <= 0:
        return [], len(frequent)
    rows = torch.nonzero(moved > far).flatten().tolist()
    return sorted((t for t in rows if not counts[t]), key=lambda t: -float(moved[t])), len(frequent)


def reach(now, before):
    """Return the number of positions up to the last one whose embedding moved in training.

    Return None for an encoder without a table of position embeddings, or if the table did not move.
    """
    tables = [
        next((m for n, m in encoder.named_modules() if n.endswith("position_embeddings") and hasattr(m, "weight")), None)
        for encoder in (now, before)
    ]
    if None in tables:
        return None
    moved = moves(*tables)
    if moved is None or not torch.isfinite(moved).all() or float(moved[:5].median()) <= 0:
        return None
    return 1 + int(torch.nonzero(moved > 0.1 * float(moved[:5].median())).max())
