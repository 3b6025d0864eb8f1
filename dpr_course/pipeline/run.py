"""One training run of `dpr-course train`, from its configuration to a retriever in a folder."""

import functools
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from dpr_course import data
from dpr_course.pipeline import distributed
from dpr_course.pipeline.checkpoint import Checkpoint
from dpr_course.pipeline.corpora import load_corpus
from dpr_course.pipeline.distributed import on_first
from dpr_course.pipeline.evaluate import accuracy
from dpr_course.pipeline.exact_search import search
from dpr_course.pipeline.features import make_features, take
from dpr_course.pipeline.large_batch import CachedLoss
from dpr_course.pipeline.retriever import Retriever, RetrieverError, refuse_foreign
from dpr_course.results import K_VALUES, results_table
from dpr_course.runtime import best_device
from dpr_course.track import get_track
from dpr_course.train import train


def load_run_data(run):
    """Return four lists, which `run.data` describes: training, held-out and validation samples, and the passages to search.

    The held-out samples are taken from the training samples, to choose the best epoch. The name "nq" in `run.data` stands for
    Natural Questions in the folder that DPR_DATA names. Raises DataError for a mistake in a file, or if the gold passage of a
    validation question is not among the passages.
    """
    read = {"course": data.load_samples, "dpr": data.load_dpr}[run.data.format]
    load = {"toy": data.load_toy_nq, "nq": get_track("distilbert").load_data}
    named = {run.data.train, run.data.validation, run.data.passages}
    worlds = {name: loader() for name, loader in load.items() if name in named}
    samples = worlds[run.data.train][0] if run.data.train in worlds else read(run.data.train)
    validation = worlds[run.data.validation][1] if run.data.validation in worlds else read(run.data.validation)
    if run.data.passages == "gold":
        passages = data.passages_by_content(samples + validation)
    else:
        passages = worlds[run.data.passages][2] if run.data.passages in worlds else load_corpus(run.data.passages)
    known = {p["id"] for p in passages}
    for s in validation:
        if s["gold_context"]["id"] not in known:
            raise data.DataError(
                f"{run.data.validation}: the gold passage {s['gold_context']['id']!r} of sample {s['id']} is not among the "
                f"passages of {run.data.passages}: give the file that holds it, or use `passages: gold`"
            )
    fit, held_out = data.hold_out(samples, run.data.held_out)
    return fit, held_out, validation, passages


def contrastive_loss(model, batch, symmetric=0.0):
    """Return the in-batch cross-entropy of a batch that `features.take` made, and the number of questions whose positive wins.

    symmetric  weight f of the passage-to-question loss L_c2q in the total loss (1 - f) L_q2c + f L_c2q; L_q2c is the usual
               question-to-passage loss, and L_c2q has a term for each positive, but none for hard negatives

    A positive wins if it scores highest. If a question's positive is in the batch more than once, its copies are left out of
    the softmax of that question.
    """
    ctx = batch["ctx_input_ids"].flatten(0, 1)  # (2B, L)
    ctx_mask = batch["ctx_attention_mask"].flatten(0, 1)  # (2B, L)
    X, Y = model(batch["questions_input_ids"], batch["questions_attention_mask"], ctx, ctx_mask)  # (B, d), (2B, d)
    rows = torch.arange(len(X), device=X.device)  # (B,)
    positive = rows * (len(ctx) // len(X))  # (B,)
    kind = ctx.unique(dim=0, return_inverse=True)[1]  # (2B,) equal for equal passages
    copy = kind == kind[positive, None]  # (B, 2B)
    copy[rows, positive] = False
    S = (X @ Y.T).masked_fill(copy, float("-inf"))  # (B, 2B)
    loss = (1 - symmetric) * F.cross_entropy(S, positive)
    if symmetric:
        loss = loss + symmetric * F.cross_entropy(S[:, positive].T, rows)
    return loss, (S.argmax(1) == positive).sum()


def recall(model, samples, passages, k_values=K_VALUES):
    """Return {k: percentage of `samples` whose gold passage, compared by id, is among the k best of `passages`}.

    The numbers are those that `dpr-course evaluate` gives. Of passages with equal scores, the earlier one comes first, whether
    gold or not, so an encoder that gives all texts the same vector finds almost nothing. Raises DataError if a vector or a score
    is not finite.
    """
    X = model.encode_questions([s["question"] for s in samples])  # (B, d)
    Y = model.encode_passages(passages)  # (N, d)
    row = {p["id"]: i for i, p in enumerate(passages)}
    gold = np.array([row[s["gold_context"]["id"]] for s in samples])  # (B,)
    try:
        found = search(X.numpy(), Y.numpy(), max(k_values))[1] == gold[:, None]  # (B, K)
    except ValueError as e:
        raise data.DataError(f"R@k cannot be computed: {e}. The encoder is broken, or training has diverged") from None
    return accuracy([int(row.argmax()) + 1 if row.any() else None for row in found], k_values)


def train_run(run, out):
    """Train as the Run `run` describes, save the retriever in the folder `out`, and return R@k before and after training.

    The result is {"untrained": {k: percent}, "trained": {k: percent}}. A run that was stopped continues from its last complete
    epoch; a complete run is not trained again. The folder holds the retriever, config.yaml, history.json and results.json, and
    appears once all of them are written.
    """
    out, config = Path(out), run.to_yaml()
    refuse_foreign(out)
    if (out / "config.yaml").exists():
        if (out / "config.yaml").read_text(encoding="utf-8") != config:
            raise RetrieverError(f"{out} holds the retriever of another run, which is left alone; choose another folder with --out")
        print(f"{out} already holds the retriever of this run; remove the folder to train again")
        results = json.loads((out / "results.json").read_text(encoding="utf-8"))
        return {row: {int(k): value for k, value in recalls.items()} for row, recalls in results.items()}
    fit, held_out, validation, passages = load_run_data(run)
    model = Retriever.from_pretrained(run.model.encoder, run.model.tied, run.model.max_length)
    on_first(lambda: model.tell_unknown([p["text"] for p in passages]))
    features, report = make_features(fit, model.tokenizer, run.model.max_length, run.data.missing_negative, run.schedule.seed)
    print(f"training: {report}\nheld out: {len(held_out)}, validation: {len(validation)} questions, {len(passages)} passages")
    model.to(best_device())
    results = {"untrained": on_first(lambda: recall(model, validation, passages))}
    pool = data.gold_passages(fit + held_out)
    checkpoint = out.parent / f".{out.name}.{hashlib.sha256(config.encode()).hexdigest()[:12]}.checkpoint"
    if checkpoint.exists():
        print(f"continuing from the last complete epoch of a run that was stopped ({checkpoint})")
    names = list(take(features, [0]))
    max_tokens = run.schedule.max_tokens
    objective = functools.partial(CachedLoss, max_tokens=max_tokens) if max_tokens else distributed.JointLoss
    history = train(
        model, range(len(features["labels"])), lambda rows: tuple(take(features, rows).values()),
        lambda m, batch: contrastive_loss(m, dict(zip(names, batch)), run.loss.symmetric),
        epochs=run.schedule.epochs, batch_size=run.schedule.batch_size, warmup=run.schedule.warmup, seed=run.schedule.seed,
        learning_rate=run.optimiser.learning_rate, weight_decay=run.optimiser.weight_decay,
        max_grad_norm=run.optimiser.max_grad_norm, objective=objective, ranks=distributed, checkpoint=Checkpoint(checkpoint),
        evaluate=(lambda m: recall(m, held_out, pool, (5,))[5]) if held_out else None,
    )  # fmt: skip
    results["trained"] = on_first(lambda: recall(model, validation, passages))
    texts = {"history.json": json.dumps(asdict(history), indent=1), "results.json": json.dumps(results, indent=1)}
    on_first(lambda: (model.save(out, {"config.yaml": config, **texts}), checkpoint.unlink()))
    print(f"saved in {out}, weights of epoch {history.best_epoch or run.schedule.epochs}\n{results_table(results)}")
    return results
