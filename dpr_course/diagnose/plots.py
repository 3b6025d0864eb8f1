"""Draws the plots of a diagnosis, with alt text: scores, similarities, spectrum, layers, gradients, false negatives."""

import os
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch

from dpr_course.diagnose.case import SIDES, model_device, side_of
from dpr_course.diagnose.negatives import Texts
from dpr_course.diagnose.replay import score_matrix
from dpr_course.diagnose.ways import padded, scores
from dpr_course.plots import COLOURS, _axes, show
from dpr_course.plots import score_matrix as draw_scores
from dpr_course.text import has_answer


def draw(case, measured, folder):
    """Draw all plots of a case into `folder`, as PNG files, each with a .txt file of alt text. Return the PNG files' paths.

    `measured` is the dict that `measure` returned; the plot of the layers is drawn from it.
    """
    from dpr_course.diagnose.sample import Sample

    sample, before = Sample(case, questions=64), os.environ.get("DPR_PICTURES")
    os.environ["DPR_PICTURES"] = str(folder)
    try:
        plot_scores(sample)
        plot_similarities(sample)
        plot_spectrum(sample)
        plot_layers(measured)
        plot_gradients(case)
        plot_false_negatives(case)
    finally:
        os.environ.pop("DPR_PICTURES")
        if before is not None:
            os.environ["DPR_PICTURES"] = before
    return sorted(Path(folder).glob("diagnose_*.png"))


def plot_scores(sample, most=24):
    """Draw a matrix for the first `most` questions and their gold passages. Each row is one question's softmax over these passages."""
    X, Y = sample.vectors()
    gold = Y[sample.gold[:most]]  # (n, d)
    S = scores(X[:most], gold, sample.case.score) / sample.case.settings.temperature  # (n, n)
    draw_scores(
        S.softmax(1), torch.arange(len(S)), title="Questions and golds", unit="probability", limits=(0, 1), name="diagnose_scores"
    )


def plot_similarities(sample):
    """Draw histograms of three cosines: of question and gold passage, of question and another passage, of two passages."""
    X, Y = (torch.nn.functional.normalize(v, dim=1) for v in sample.vectors())
    C, P, rows = X @ Y.T, Y @ Y.T, torch.arange(len(X))
    other = torch.ones_like(C, dtype=torch.bool)
    other[rows, sample.gold] = False
    kinds = {
        "question and gold": C[rows, sample.gold], "question and another": C[other], "two passages": P[~torch.eye(len(P), dtype=torch.bool)]
    }  # fmt: skip
    fig, ax = _axes()
    edges = np.linspace(min(float(v.min()) for v in kinds.values()), 1, 60)
    for i, (label, v) in enumerate(kinds.items()):
        ax.hist(v.numpy(), bins=edges, density=True, alpha=0.6, color=COLOURS[i], label=f"{label}: mean {float(v.mean()):.2f}")
    ax.set(title="Similarities", xlabel="cosine", ylabel="density")
    ax.legend(loc="upper left")
    show(
        fig,
        "diagnose_similarities",
        "Histograms of cosines. " + "; ".join(f"{k}: mean {float(v.mean()):.2f}" for k, v in kinds.items()),
    )


def plot_spectrum(sample):
    """Draw the squared singular values of the passage vectors, as shares of their sum, with and without the mean vector.

    The plot distinguishes two faults: collapse, where few directions are left, and anisotropy, where all vectors share a direction.
    """
    Y = sample.vectors()[1].double()
    fig, ax = _axes()
    told = []
    for label, A in (("as they are", Y), ("without their mean", Y - Y.mean(0))):
        s = torch.linalg.svdvals(A)
        share = (s.square() / s.square().sum()).clamp(min=1e-12).numpy()
        ax.plot(range(1, len(share) + 1), share, markevery=max(1, len(share) // 12), label=label)
        told.append(f"{label}: the first direction holds {share[0]:.0%}")
    ax.set(title="Directions of the passage vectors", xlabel="direction", ylabel="share of the squared length", yscale="log")
    ax.legend()
    show(fig, "diagnose_spectrum", f"Spectrum of the passage vectors. {'; '.join(told)}")


def plot_layers(measured):
    """Draw how far training moved each weight matrix, for each side. Draw nothing if the model before training is not known."""
    layers = measured.get("sides", {}).get("layers")
    if layers:
        _bars(layers, "How far training moved each matrix", "distance (% of its length)", "diagnose_layers", 100)


def plot_gradients(case, most=16):
    """Draw the norm of each weight matrix's gradient on one training batch, for each side of the model.

    Draw nothing if there are no training samples, or if the model has no parts named query_encoder and passage_encoder.
    """
    if not case.train or any(side_of(case.model, side) is None for side in SIDES):
        return
    with torch.enable_grad():
        norms = gradient_norms(case, case.train[:most])
    if norms:
        _bars(
            norms,
            f"Gradients of a batch of {min(most, len(case.train))}",
            "norm of the gradient",
            "diagnose_gradients",
            1,
            log=True,
        )


def gradient_norms(case, samples):
    """Return {side: {matrix: norm of its gradient}} for the loss of one batch. Return {} if the loss cannot be computed.

    The loss is computed by the run's own loss and collate functions if both are known; otherwise it is the in-batch
    cross-entropy.
    """
    model, was = case.model, case.model.training
    params = {side: dict(side_of(model, side).named_parameters()) for side in SIDES}
    flags = {p: p.requires_grad for some in params.values() for p in some.values()}
    model.train()
    try:
        model.zero_grad(set_to_none=True)
        if case.collate and case.loss_fn:
            loss = case.loss_fn(model, tuple(t.to(model_device(model)) for t in case.collate(samples)))[0]
        else:
            loss = _loss(case, samples)
        loss.backward()
        return {
            side: {n: float(p.grad.norm()) for n, p in some.items() if p.grad is not None and p.ndim > 1}
            for side, some in params.items()
        }
    except (RuntimeError, TypeError):
        return {}
    finally:
        model.zero_grad(set_to_none=True)
        model.train(was)
        for p, flag in flags.items():
            p.requires_grad_(flag)


def _loss(case, samples):
    """Return the in-batch loss of some samples, as dpr-course train computes it, with its autograd graph."""
    from dpr_course.diagnose.ways import Encoding, encode

    encoding, pad, device = Encoding(case), case.tokenizer.pad_token_id or 0, model_device(case.model)
    texts = {"question": [s["question"] for s in samples], "passage": [s["gold_context"] for s in samples]}
    X, Y = (
        encode(case.model, side, *padded(t, max(map(len, t)), pad, device))
        for side, t in ((side, encoding.tokens(side, some)) for side, some in texts.items())
    )  # (B, d) each
    return torch.nn.functional.cross_entropy(scores(X, Y, case.score), torch.arange(len(X), device=device))


def plot_false_negatives(case, most=24):
    """Draw a table of the questions and passages of one training batch, with the false negatives in colour.

    For each question, colours mark its gold passage, copies of this passage, and other passages that hold an answer.
    """
    samples = case.train[:most]
    if len(samples) < 2:
        return
    S, gold, *_ = score_matrix(case, case.model, samples)
    hard = case.settings.hard is not False
    passages = [p for s in samples for p in (s["gold_context"], *([s["hard_negative"]] if hard and "hard_negative" in s else []))]
    texts, kinds = Texts(), np.zeros(S.shape)
    for i, s in enumerate(samples):
        for j, p in enumerate(passages):
            if j == gold[i]:
                kinds[i, j] = 3
            elif texts.copies(s["gold_context"], p):
                kinds[i, j] = 2
            elif has_answer(p["text"], s["answers"]):
                kinds[i, j] = 1
    fig, ax = _axes(8, 4.5, grid=False)
    colours = matplotlib_colours(("#EEEEEE", COLOURS[4], COLOURS[1], COLOURS[0]))
    ax.imshow(kinds, cmap=colours, vmin=-0.5, vmax=3.5, aspect="auto", interpolation="nearest")
    found = {n: int((kinds == v).sum()) for n, v in (("golds", 3), ("copies of the gold", 2), ("others with an answer", 1))}
    ax.set(title="; ".join(f"{n}: {v}" for n, v in found.items()), xlabel="passage in the batch", ylabel="question")
    show(fig, "diagnose_false_negatives", f"Table of {len(samples)} questions by {len(passages)} passages: {found}")


def matplotlib_colours(names):
    from matplotlib.colors import ListedColormap

    return ListedColormap(names)


def _bars(values, title, unit, name, factor, log=False):
    """Draw `values`, {side: {matrix: number}}, as bars, one colour for each side. The numbers are multiplied by `factor`."""
    with plt.rc_context():
        fig, ax = _axes(9, 4)
    told = []
    for i, (side, some) in enumerate(values.items()):
        ax.bar(
            np.arange(len(some)) + 0.4 * i,
            [factor * (v or 0) for v in some.values()],
            width=0.4,
            color=COLOURS[i],
            label=side.replace("_", " "),
        )
        told.append(
            f"{side.replace('_', ' ')}: {factor * min((v or 0) for v in some.values()):.2g} to {factor * max((v or 0) for v in some.values()):.2g}"
            if some
            else side
        )
    ax.set(title=title, ylabel=unit, xlabel="matrix, from the embeddings to the last layer")
    if log:
        ax.set_yscale("log")
    ax.legend()
    show(fig, name, f"{title}, {unit}. {'; '.join(told)}")


def dose_curve(name="dose"):
    """Draw recorded R@1 (dose.json) against the share of false negatives among the mined negatives used in training.

    There is a dot for each training run, a line through the means of equal shares, and a band for their 95 % intervals.
    """
    from dpr_course.dose import dose_summary, load_dose

    recorded, summary = load_dose(), dose_summary()
    doses = list(summary)
    fig, ax = _axes()
    for dose, values in recorded.items():
        ax.scatter([dose] * len(values), values, s=18, color=COLOURS[5], marker="o")
    ax.fill_between(doses, [summary[d]["low"] for d in doses], [summary[d]["high"] for d in doses], color=COLOURS[0], alpha=0.2)
    ax.plot(doses, [summary[d]["mean"] for d in doses], color=COLOURS[0], label="mean, with its 95 % interval")
    ax.set(title="R@1 by false negatives, toy NQ", xlabel="false among the mined negatives (%)", ylabel="R@1 (% of questions)")
    ax.legend()
    told = "; ".join(f"{d} %: {summary[d]['mean']:.1f} ({summary[d]['low']:.1f} to {summary[d]['high']:.1f})" for d in doses)
    show(fig, name, f"R@1 against the share of false negatives. {told}")
