"""The trace that training leaves in the embedding tables: which tokens and which positions each side has read.

A row of an embedding table has a gradient only in a step that reads it. So a token that training never read stays where it was, except
for a common factor (weight decay), and one that was in every text moves as far as the most frequent words.
"""

from collections import Counter

import torch

from dpr_course.diagnose.case import SIDES, backbone_of, is_tied
from dpr_course.diagnose.ways import Encoding, Way

FREQUENT = 0.25  # share of the texts that hold a token
STILL = 2e-3  # relative distance of a row that only shrank; weights that were kept in half precision are that exact
FAR = 0.5  # share of the distance that frequent tokens moved
MOST = 24  # number of tokens that are reported
WHOLE = 512  # maximum number of tokens of an uncut text
KINDS = ("question", "passage")
STYLES = ("pair", "joined", "text")


def measure_trace(case):
    """Return {side: {"foreign", "count", "exchanged", "frequent", "reach", "longest", "styles", "texts"}}; {} where no start is known.

    foreign   tokens that moved as far as frequent ones, although no training text of this side, as it is read now, holds them; at
              most MOST; count: the number of all of them
    exchanged the number of such tokens if the side had read the texts of the other one
    styles    the number of such tokens for passages read in other styles, by style
    frequent  the number of frequent tokens
    reach     positions up to the last one that moved; None: not known
    longest   tokens of the longest training text of this side, uncut
    texts     number of texts that were counted
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
    """Return the measures of one side, whose token rows moved by `moved` (V,) and whose positions moved up to `last`."""
    other, read = KINDS[kind == "question"], _Texts(case, last or case.max_length)
    kinds = KINDS if is_tied(case.model) else (kind,)  # a shared encoder reads both
    both = [tokens for k in kinds for tokens in read(k)]
    foreign, frequent = strangers(moved, both)
    styles = {style: len(strangers(moved, read(kind, style))[0]) for style in STYLES if kind == "passage" and style != case.style}
    return {
        "foreign": case.tokenizer.convert_ids_to_tokens(foreign[:MOST]), "count": len(foreign),
        "exchanged": len(strangers(moved, read(other))[0]), "styles": styles, "frequent": frequent, "reach": last,
        "longest": max(len(tokens) for k in kinds for tokens in _Texts(case, WHOLE)(k)), "texts": len(both),
    }  # fmt: skip


class _Texts:
    """The training texts as token lists of at most `length` tokens.

    A call with a kind, "question" or "passage", returns the texts of that kind, read in the case's own style or in another one.
    """

    def __init__(self, case, length):
        self.case, self.length, self.encoding = case, length, Encoding(case)

    def __call__(self, kind, style=None):
        case, hard = self.case, self.case.settings.hard is not False
        names = ("gold_context", *(["hard_negative"] if hard else []))
        some = [s["question"] for s in case.train] if kind == "question" else [s[n] for s in case.train for n in names if n in s]
        return self.encoding.tokens(kind, some, Way(style=style, max_length=self.length))


def moves(now, before):
    """Return how far each row of a table (V, d) moved, apart from a factor that all share, (V,); None if the shapes differ."""
    A, B = (table.weight.detach().cpu().float() for table in (now, before))
    if A.shape != B.shape:
        return None
    long = B.square().sum(1) > 1e-12  # (V,)
    factors = (A[long] * B[long]).sum(1) / B[long].square().sum(1)
    unread = factors[(A[long] - factors[:, None] * B[long]).norm(dim=1) <= STILL * B[long].norm(dim=1)]
    factor = (unread if len(unread) else factors).median() if len(factors) else 1.0
    return (A - factor * B).norm(dim=1)


def strangers(moved, texts):
    """Return the ids of tokens that moved like frequent ones and are not in `texts`, the farthest first; and the number of frequent ones."""
    counts = Counter(t for tokens in texts for t in set(tokens))
    frequent = [t for t, n in counts.items() if n >= FREQUENT * len(texts) and t < len(moved)]
    far = FAR * float(moved[frequent].median()) if frequent else 0.0
    if far <= 0:
        return [], len(frequent)
    rows = torch.nonzero(moved > far).flatten().tolist()
    return sorted((t for t in rows if not counts[t]), key=lambda t: -float(moved[t])), len(frequent)


def reach(now, before):
    """Return the number of positions up to the last one that moved; None for an encoder without a table of positions."""
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
