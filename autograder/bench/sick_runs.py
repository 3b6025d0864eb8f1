"""Lists the training runs of autograder.bench.faults: runs with one fault each, and healthy runs.

FAULTS is {fault: list of builders}, with one builder for each severity of the fault and at least three severities. A builder is
a function that takes a Bench and a seed and returns a Case, the description of a run with this fault. HEALTHY is a list of Recipes
without a fault.
"""

import copy
import json
import random
import tempfile
from dataclasses import replace
from pathlib import Path

import torch

from autograder.authoring.dose import near_copy
from autograder.bench.sick import Pooled, Recipe, answer_in
from dpr_course.encoders import load_tokenizer, save_tokenizer
from dpr_course.pipeline.retriever import Retriever
from dpr_course.pipeline.vectors import Vectors

BOTH = ("query_encoder", "passage_encoder")
BASES = (Recipe(), Recipe(batch_size=32, hard=True, epochs=4), Recipe(questions=320, batch_size=32, learning_rate=5e-4, epochs=4))


def trained(**changes):
    """Return a builder for a fault in the training: it trains by the default Recipe with `changes` to its fields."""
    return lambda bench, seed: bench.case(replace(Recipe(seed=seed), **changes))


def on_base(change, *severities):
    """Return a list of builders, one per severity. A builder puts a fault into the Case of a healthy run.

    `change(case, severity, seed)` returns the Case with the fault. What a severity is depends on the fault: often a share.
    """
    return [
        lambda bench, seed, i=i, s=s: change(bench.case(replace(BASES[(i + seed) % 3], seed=seed)), s, seed)
        for i, s in enumerate(severities)
    ]


def duplicates(case, share, seed):
    rng, hot = random.Random(seed), [s["gold_context"] for s in case.train[:6]]
    train = [{**s, "gold_context": rng.choice(hot)} if rng.random() < share else s for s in case.train]
    return replace(case, train=train, history=None)


def with_negative(make):
    """Return a function `change` for `on_base`: it gives some samples a new hard negative, made by `make`.

    The severity is the share of these samples, 0 to 1. In `make(sample, other, rng, number)`, `other` is a random passage, `rng` a
    random.Random, and `number` the sample's number. The remaining samples keep their hard negative, or get `other` if they have
    none.
    """

    def change(case, share, seed):
        rng, train = random.Random(seed), []
        for i, s in enumerate(case.train):
            other = rng.choice(case.passages)
            train.append({**s, "hard_negative": make(s, other, rng, i) if rng.random() < share else s.get("hard_negative", other)})
        return replace(case, train=train, settings=replace(case.settings, hard=True), history=None)

    return change


def leaked(case, share, seed):
    rng = random.Random(seed)
    return replace(case, train=case.train + rng.sample(case.validation, round(share * len(case.validation))), history=None)


def chosen(case, k, seed):
    from dpr_course.diagnose.leak import full_recall
    from dpr_course.diagnose.ways import Encoding

    history = copy.deepcopy(case.history)
    best = full_recall(case, Encoding(case), case.validation, case.passages)[k]
    history.epochs = [
        {"epoch": e, "step": len(history.steps), "score": best - (history.steps[-1]["epoch"] - e)}
        for e in range(1, history.steps[-1]["epoch"] + 1)
    ]
    history.best_epoch = history.steps[-1]["epoch"]
    return replace(case, history=history, held_out=[] if seed % 2 else case.held_out)


def swapped(case, severity, seed):
    m = case.model
    return replace(case, model=Retriever(m.passage_encoder, m.query_encoder, m.tokenizer, m.max_length).eval())


def pooled(case, pooling, seed):
    return rewritten(case, lambda model: Pooled(model, pooling))


def ignoring(case, severity, seed):
    return rewritten(case, lambda model: Pooled(model, None, ignore=True))


def rewritten(case, forward):
    """Return a Case in which each of the two models of `case`, the trained and the untrained, is replaced by `forward(model)`."""
    return replace(case, model=forward(case.model), start=forward(case.start), memory={})


def last_norm(encoder):
    """Return an encoder's last layer norm. Its output is the encoder's output."""
    return [m for m in encoder.modules() if isinstance(m, torch.nn.LayerNorm)][-1]


def collapsed(case, rank, seed):
    """Return a copy of `case` with encoders whose vectors differ from a constant vector in only `rank` coordinates."""
    model = copy.deepcopy(case.model)
    for encoder in (model.query_encoder, model.passage_encoder):
        norm = last_norm(encoder)
        keep = torch.randperm(len(norm.weight), generator=torch.Generator().manual_seed(seed))[:rank]
        with torch.no_grad():
            weight = norm.weight[keep].clone()
            norm.weight.zero_()[keep] = weight
            norm.bias.fill_(5.0)
    return replace(case, model=model)


def common(case, size, seed):
    """Return a copy of `case` with one random vector, of standard deviation `size`, added to the vectors of all questions."""
    model = copy.deepcopy(case.model)
    norm = last_norm(model.query_encoder)
    with torch.no_grad():
        norm.bias += size * torch.randn(norm.bias.shape, generator=torch.Generator().manual_seed(seed))
    return replace(case, model=model)


def untitled(case, how, seed):
    if how == "text":
        return replace(case, style="text", history=None if seed % 2 else case.history)
    return replace(
        case, passages=[{**p, "title": "" if how == "none" or i % 10 < 8 else p["title"]} for i, p in enumerate(case.passages)]
    )


def short(case, tokens, seed):
    return replace(case, max_length=tokens)


def mixed_up(case, share, seed):
    """Return a copy of `case` whose tokenizer gives wrong ids to a share (0 to 1) of the words: these have exchanged their ids."""
    with tempfile.TemporaryDirectory() as folder:
        save_tokenizer(case.tokenizer, folder)
        path = Path(folder) / "tokenizer.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        vocabulary = content["model"]["vocab"]
        names = sorted((n for n, i in vocabulary.items() if i >= 10), key=vocabulary.get)
        some = random.Random(seed).sample(names, round(share * len(names)))
        ids = [vocabulary[n] for n in some]
        vocabulary.update(zip(some, ids[1:] + ids[:1]))
        content["model"]["vocab"] = dict(sorted(vocabulary.items(), key=lambda item: item[1]))
        path.write_text(json.dumps(content), encoding="utf-8")
        return replace(case, tokenizer=load_tokenizer(folder))


def stale(case, share, seed):
    own, old = (Retriever(m.query_encoder, m.passage_encoder, case.tokenizer, 100) for m in (case.model, case.start))
    rng, some = random.Random(seed), case.passages[:300]
    rows = torch.stack(
        [old.encode_passages([p])[0] if rng.random() < share else v for p, v in zip(some, own.encode_passages(some))]
    )
    return replace(case, vectors=Vectors([p["id"] for p in some], rows.numpy()))


def hits_of(case, depth, twice, seed):
    rng, ids, hits = random.Random(seed), [p["id"] for p in case.passages], {}
    for s in case.validation:
        found = rng.sample(ids, depth)
        if twice and rng.random() < twice:
            found[depth // 2] = found[0]
        hits[s["id"]] = [(d, -float(i)) for i, d in enumerate(found)]
    return replace(case, hits=hits)


def shared_weights(case, how, seed):
    model = copy.deepcopy(case.model)
    if how == "copied":
        model.passage_encoder.load_state_dict(model.query_encoder.state_dict())
        return replace(case, model=model)
    return replace(
        case,
        model=Retriever(model.query_encoder, model.query_encoder, case.tokenizer, 100),
        settings=replace(case.settings, tied=False),
    )


def tied(bench, seed):
    case = bench.case(Recipe(tied=True, seed=seed))
    return replace(case, settings=replace(case.settings, tied=False))


def few(B):
    return trained(batch_size=B, questions=96)


FAULTS = {
    "duplicate-golds": on_base(duplicates, 0.35, 0.5, 0.8),
    "answer-bearing-negatives": on_base(with_negative(lambda s, other, rng, i: answer_in(other, s["answers"], i)), 0.1, 0.2, 0.5),
    "mined-golds": on_base(
        with_negative(lambda s, other, rng, i: s["gold_context"] if rng.random() < 0.5 else near_copy(s["gold_context"], s["answers"], rng)), 0.05, 0.1, 0.4
    ),
    "swapped-sides": on_base(swapped, 1, 2, 3),
    "wrong-labels": [trained(hard=True, labels=share) for share in (0.5, 0.75, 1.0)],
    "wrong-pooling": [trained(pooling="mean"), *on_base(pooled, "last", "max")],
    "mask-ignored": [
        trained(padded=BOTH), trained(padded=("query_encoder",), full=True), *on_base(ignoring, 1), trained(padded=BOTH, full=True)
    ],
    "title-missing": on_base(untitled, "text", "most", "none"),
    "prefix-missing": [
        trained(prefixes=("query: ", "")), trained(prefixes=("query: ", "passage: ")),
        trained(prefixes=("Represent this sentence for searching relevant passages: ", "")), trained(prefixes=("", "passage: ")),
    ],
    "answers-cut": on_base(short, 24, 40, 56),
    "learning-rate-high": [trained(learning_rate=rate) for rate in (1e-2, 3e-2, 1e-1)],
    "learning-rate-low": [trained(learning_rate=rate) for rate in (1e-6, 3e-6, 1e-5)],
    "wrong-scale": [trained(cosine=True), trained(divide=64.0), trained(divide=0.05)],
    "collapse": on_base(collapsed, 1, 2, 3),
    "anisotropy": on_base(common, 0.5, 1.0, 3.0),
    "development-leak": on_base(leaked, 0.04, 0.2, 0.5),
    "epoch-on-reported": on_base(chosen, 1, 5, 20),
    "frozen-side": [trained(frozen=("passage_encoder",)), trained(frozen=("query_encoder",)), trained(slow=0.02)],
    "shared-encoders": [tied, *on_base(shared_weights, "copied", "same")],
    "accumulation": [trained(batch_size=32, chunk=c, questions=256) for c in (2, 4, 8)],
    "few-negatives": [few(2), few(3), few(4)],
    "wrong-tokenizer": on_base(mixed_up, 0.2, 0.5, 1.0),
    "foreign-index": on_base(stale, 0.3, 0.6, 1.0),
    "cut-off": on_base(lambda case, depth, seed: hits_of(case, depth, 0, seed), 10, 20, 50),
    "duplicate-ids": on_base(lambda case, share, seed: hits_of(case, 100, share, seed), 0.05, 0.3, 1.0),
}  # fmt: skip

HEALTHY = [
    *(replace(base, seed=seed) for seed in range(3) for base in BASES),
    *(Recipe(learning_rate=rate, seed=10 + i) for i, rate in enumerate((3e-4, 5e-4, 1e-3, 2e-3))),
    *(Recipe(batch_size=B, questions=q, seed=20 + B) for B, q in ((12, 192), (24, 240), (48, 240), (64, 256))),
    *(Recipe(tied=True, seed=30 + s, hard=bool(s)) for s in range(2)),
    *(Recipe(hard=True, seed=40 + s, questions=128, batch_size=8 + 8 * s) for s in range(3)),
    *(Recipe(epochs=e, seed=50 + e, learning_rate=1e-3) for e in (2, 5)),
    *(Recipe(prefixes=("query: ", "passage: "), seed=60 + s) for s in range(1)),
    *(Recipe(max_length=n, seed=70, learning_rate=1e-3) for n in (80, 120)),
    *(Recipe(divide=T, seed=80, learning_rate=1e-3) for T in (2.0, 4.0)),
    Recipe(questions=450, epochs=5, batch_size=32, learning_rate=3e-4, seed=90), Recipe(questions=450, epochs=3, batch_size=32, seed=91, hard=True),
]  # fmt: skip
