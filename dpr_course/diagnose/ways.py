"""Ways of turning texts into vectors: the run's own, and others with which it may have been trained."""

import time
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F

from dpr_course.diagnose.case import SIDES, backbone_of, model_device

POOLINGS = ("cls", "mean", "last", "max")


@dataclass(frozen=True)
class Way:
    """One choice of how questions and passages become vectors: encoder, pooling, mask, style, prefixes, tokenizer.

    `Way()` is the run's own choice: the vectors are made as in its evaluation.
    """

    exchanged: bool = False  # whether the passage encoder reads questions, and the query encoder passages
    pooling: str | None = None  # None: the model's own; else one of POOLINGS, over the backbone's last layer
    padded: tuple = ()  # sides ("question", "passage") whose mask is all ones, so that they read the padding of their batch
    full: bool = False  # whether the sides in `padded` are padded to `max_length` instead of the longest text of the batch
    style: str | None = None  # how a passage is read, see Case; None: the case's own
    question_prefix: str | None = None  # None: the case's own
    passage_prefix: str | None = None
    tokenizer: str = "own"  # "own": the case's tokenizer; "start": that of the untrained encoder
    max_length: int | None = None  # None: the case's own
    given: bool = True  # whether the evaluation's own functions make the vectors, if the case has them; else the model does


OWN = Way()


def one_side(way, side, case):
    """Return a copy of the Way with only the fields that concern `side`, "question" or "passage"; the others get their defaults.

    If the copies of two Ways are equal, both Ways give this side the same vectors, and a cache needs only one entry for them.
    """
    asks = side == "question"
    prefix = way.question_prefix if asks else way.passage_prefix
    prefix = None if prefix == (case.question_prefix if asks else case.passage_prefix) else prefix
    return replace(
        way, padded=(side,) if side in way.padded else (), full=way.full and side in way.padded,
        style=None if asks or way.style == case.style else way.style,
        question_prefix=prefix if asks else None, passage_prefix=None if asks else prefix, given=way.given or not case.given,
    )  # fmt: skip


def pooled(H, mask, pooling):
    """Return one vector per text, (B, d), from the hidden states H (B, T, d) of a layer.

    `mask` is (B, T), 1 on tokens. `pooling` is "cls" (the first token), "mean", "max", or "last" (the last token).
    """
    if pooling == "cls":
        return H[:, 0]  # (B, d)
    m = mask.unsqueeze(-1).to(H.dtype)  # (B, T, 1)
    if pooling == "mean":
        return (H * m).sum(1) / m.sum(1).clamp(min=1)  # (B, d)
    if pooling == "max":
        return H.masked_fill(m == 0, float("-inf")).amax(1)  # (B, d)
    last = (mask * torch.arange(1, mask.shape[1] + 1, device=mask.device)).argmax(1)  # (B,)
    return H[torch.arange(len(H), device=H.device), last]  # (B, d)


class Encoding:
    """Makes the vectors of a case's texts by any Way. Tokens and vectors are cached, so that no text is encoded twice."""

    def __init__(self, case, batch_size=64):
        self.case, self.batch_size, self._kept, self._tokens = case, batch_size, {}, {}
        self.encoded, self.seconds = 0, 0.0  # number of texts encoded so far, and the seconds that this took

    def tokens(self, side, records, way=OWN):
        """Return a list of token lists for questions (strings) or passages (dicts), as the Way `way` reads them.

        `side` is "question" or "passage".
        """
        case = self.case
        prefixes = (case.question_prefix, way.question_prefix) if side == "question" else (case.passage_prefix, way.passage_prefix)
        prefix = prefixes[0] if prefixes[1] is None else prefixes[1]
        style, length = way.style or case.style, way.max_length or case.max_length
        kept = self._tokens.setdefault((side, prefix, style, length, way.tokenizer), {})
        keys = [key_of(r) for r in records]
        new = list({key: r for key, r in zip(keys, records) if key not in kept}.items())
        if new:
            tokenizer, options = (
                case.start_tokenizer if way.tokenizer == "start" else case.tokenizer,
                dict(truncation=True, max_length=length),
            )
            some = [r for _, r in new]
            if side == "question":
                made = tokenizer([prefix + q for q in some], **options).input_ids
            else:
                made = passage_tokens(tokenizer, some, style, prefix, options)
            kept.update((key, ids) for (key, _), ids in zip(new, made))
        return [kept[key] for key in keys]

    def vectors(self, side, records, way=OWN):
        """Return the vectors (N, d) of questions (list of strings) or passages (list of dicts), in float32 on the CPU.

        `side` is "question" or "passage".
        """
        way = one_side(way, side, self.case)
        kept = self._kept.setdefault((side, way), {})
        keys = [key_of(r) for r in records]
        new = list({key: r for key, r in zip(keys, records) if key not in kept}.items())
        if new:
            begun, some = time.perf_counter(), [r for _, r in new]
            if self.case.given and way == OWN:
                made = {way: torch.as_tensor(self.case.given[side == "passage"](some)).detach().float().cpu()}
            else:
                made = self._encode(side, self.tokens(side, some, way), way)
            for other, rows in made.items():
                self._kept.setdefault((side, other), {}).update((key, v) for (key, _), v in zip(new, rows))
            self.encoded, self.seconds = self.encoded + len(some), self.seconds + time.perf_counter() - begun
        return torch.stack([kept[key] for key in keys])  # (N, d)

    def _encode(self, side, tokens, way):
        """Encode token lists in batches of similar length. Return {Way: vectors (N, d)}.

        If `way` has a pooling, the dict holds a copy of `way` with each of POOLINGS, since one pass of the backbone gives the
        vectors of all poolings. Otherwise it holds `way` alone.
        """
        model, pad, reads = self.case.model, self.case.tokenizer.pad_token_id or 0, side in way.padded
        order = range(len(tokens)) if reads else sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
        size = (self.case.settings.batch_size or 32) if reads else self.batch_size  # the padding is that of a training batch
        ways = [replace(way, pooling=p) for p in POOLINGS] if way.pooling else [way]
        rows, was_training = {w: [None] * len(tokens) for w in ways}, model.training
        model.eval()
        try:
            with torch.inference_mode():
                for a in range(0, len(order), size):
                    some = order[a : a + size]
                    T = self.case.max_length if way.full else max(1, max(len(tokens[i]) for i in some))
                    ids, mask = padded([tokens[i] for i in some], T, pad, model_device(model))
                    for w, made in zip(ways, encode_all(model, side, ids, torch.ones_like(mask) if reads else mask, ways)):
                        for i, v in zip(some, made.float().cpu()):
                            rows[w][i] = v
        finally:
            model.train(was_training)
        return {w: torch.stack(found) for w, found in rows.items()}


def key_of(record):
    """Return the key under which a question (a string) or a passage (a dict) is cached: the string, or (id, title, text)."""
    return record if isinstance(record, str) else (record["id"], record["title"], record["text"])


def passage_tokens(tokenizer, passages, style, prefix, options):
    """Return the token lists of passages, each with `prefix` before it. `options` go to the tokenizer.

    `style` is "pair" (title and text as two segments), "joined" (as one string) or "text" (without the title).
    """
    titles, texts = [p["title"] for p in passages], [p["text"] for p in passages]
    if style == "pair":
        return tokenizer([prefix + t for t in titles], texts, **options).input_ids
    if style == "joined":
        texts = [f"{title} {text}" if title else text for title, text in zip(titles, texts)]
    return tokenizer([prefix + t for t in texts], **options).input_ids


def padded(tokens, T, pad, device=None):
    """Return ids and mask, (N, T) each, of N token lists, padded on the right with the id `pad`. The mask is 1 on tokens."""
    ids, mask = torch.full((len(tokens), T), pad), torch.zeros((len(tokens), T), dtype=torch.long)
    for row, t in enumerate(tokens):
        ids[row, : len(t)] = torch.tensor(t[:T])
        mask[row, : len(t)] = 1
    return ids.to(device), mask.to(device)


def encode(model, side, ids, mask, way=OWN):
    """Return the vectors (N, d) of texts with the token ids (N, T), made by the Way `way`.

    If `way` has no pooling, the model's own forward makes the vectors. `side` is "question" or "passage".
    """
    return encode_all(model, side, ids, mask, [way])[0]


def encode_all(model, side, ids, mask, ways):
    """Return a list of vectors (N, d), one entry for each of `ways`, from one pass of the backbone.

    The Ways may differ only in their pooling. If the first Way has no pooling, the list has only one entry, the vectors that the
    model's own forward makes.
    """
    asks = (side == "question") != ways[0].exchanged  # whether the query encoder is to be used
    if ways[0].pooling is None:
        return [model(ids, mask, None, None)[0] if asks else model(None, None, ids, mask)[1]]
    H = backbone_of(model, SIDES[0] if asks else SIDES[1])(input_ids=ids, attention_mask=mask).last_hidden_state  # (N, T, d)
    return [pooled(H, mask, way.pooling) for way in ways]


def scores(X, Y, kind="dot"):
    """Return the scores (B, N) of question vectors X (B, d) and passage vectors Y (N, d): dot products or cosines."""
    if kind == "cosine":
        X, Y = F.normalize(X, dim=-1), F.normalize(Y, dim=-1)
    return X @ Y.T  # (B, N)


def with_way(way, **changes):
    """Return a copy of the Way with some fields changed.

    The copy's vectors are made by the model, even if the evaluation's own functions make those of `way`.
    """
    return replace(way, given=False, **changes)
