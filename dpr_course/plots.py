"""The plots of stages 00 to 06, and the style of all plots. Each plot has a title, units, readable labels and alt text.

The colours are those of the Okabe-Ito palette, which colour-blind readers can tell apart.
"""

import html
import os
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from dpr_course.bands import interval
from dpr_course.results import NAMES

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
CURVES = matplotlib.cycler(color=COLOURS, marker=list("osD^vPX"))  # markers distinguish curves that coincide
STYLE = {
    "figure.dpi": 100, "font.size": 11, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "grid.alpha": 0.3, "axes.prop_cycle": CURVES, "axes.titlesize": 12, "legend.frameon": False,
}  # fmt: skip


def show(fig, name, alt):
    """Display `fig` in the notebook with its alt text. If DPR_PICTURES names a folder, write NAME.png and NAME.txt there."""
    folder = os.environ.get("DPR_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        fig.savefig(Path(folder) / f"{name}.png", dpi=120, bbox_inches="tight")
        (Path(folder) / f"{name}.txt").write_text(alt + "\n", encoding="utf-8")
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        return
    if get_ipython() is not None:
        data, metadata = get_ipython().display_formatter.format(fig)
        if "image/png" in data:  # JupyterLab shows a PNG without its alt text, and HTML with it
            data["text/html"] = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{data["image/png"].strip()}">'
        display(data, metadata={**metadata, "image/png": {**metadata.get("image/png", {}), "alt": alt}}, raw=True)
    plt.close(fig)


def _axes(width=7.0, height=4.0, grid=True):
    with plt.rc_context({**STYLE, "axes.grid": grid}):
        return plt.subplots(figsize=(width, height), layout="constrained")


def _array(x):
    return x.detach().cpu().numpy() if isinstance(x, torch.Tensor) else np.asarray(x)


def _short(text, n=42):
    return text if len(text) <= n else text[: n - 1].rstrip() + "…"


def score_matrix(
    S, labels=None, questions=None, passages=None, title="Scores", unit="score (dot product)", name="score_matrix", limits=(None, None)
):  # fmt: skip
    """Plot a matrix of scores, one row per question and one column per passage, or several matrices side by side.

    S          (B, N) tensor or array, or {panel title: matrix}; each panel has its own colour scale
    labels     (B,) column of each question's gold passage, which is outlined
    questions, passages   labels of rows and of columns, which only a small matrix shows
    unit       label of the colour scale; a small matrix, of up to 60 scores, also shows each score as a number
    limits     (lowest, highest) score of the colour scale; by default the lowest and the highest score of each panel
    """
    panels = S if isinstance(S, dict) else {title: S}
    B, N = _array(next(iter(panels.values()))).shape
    small = B * N <= 60
    width, height = (3.6 + 0.85 * N, 1.6 + 0.55 * B) if small else (4.8, 4.2)
    with plt.rc_context({**STYLE, "axes.grid": False}):
        fig, axes = plt.subplots(1, len(panels), figsize=(width * len(panels), height), layout="constrained", squeeze=False)
    told = []
    for column, (ax, (label, matrix)) in enumerate(zip(axes[0], panels.items())):
        matrix = _array(matrix)
        image = ax.imshow(matrix, cmap="cividis", aspect="auto", vmin=limits[0], vmax=limits[1])
        fig.colorbar(image, ax=ax, label=unit, fraction=0.05)
        ax.set(title=label, xlabel="passage in the batch", ylabel="question" if column == 0 else "")
        if small:
            names = [_short(p, 18) for p in passages] if passages else range(N)
            ax.set_xticks(range(N), names, rotation=25 if passages else 0, ha="right" if passages else "center")
            ax.set_yticks(range(B), [_short(q) for q in questions] if questions and column == 0 else range(B))
            number = "d" if matrix.dtype.kind != "f" else ".1f" if abs(matrix).max() > 1 else ".2f"
            middle = (matrix.max() + matrix.min()) / 2
            told += [f"{q}: {', '.join(f'{v:{number}}' for v in r)}" for q, r in zip(questions or map(str, range(B)), matrix)]
            for i, j in np.ndindex(B, N):
                colour = "black" if matrix[i, j] > middle else "white"
                ax.text(j, i, f"{matrix[i, j]:{number}}", ha="center", va="center", color=colour)
        if labels is not None:
            golds = list(enumerate(_array(labels)))
            for i, j in golds:
                ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, edgecolor=COLOURS[1], linewidth=2.5 if small else 1.2))
            won = sum((matrix[i, j] > np.delete(matrix[i], j)).all() for i, j in golds)  # a tie is no win
            told.append(f"{label}: the gold passage has the highest score for {won} of {B} questions")
    outlined = ", the gold passage of each question outlined" if labels is not None else ""
    show(fig, name, f"Heat map of scores, {B} questions by {N} passages{outlined}. {'; '.join(told)}")


def vectors(X, texts, title="Vectors", name="vectors"):
    """Plot the rows of X (B, d) as coloured stripes. `texts` has B labels, one per row."""
    X = _array(X)
    fig, ax = _axes(8, 1.2 + 0.4 * len(X), grid=False)
    image = ax.imshow(X, cmap="cividis", aspect="auto", interpolation="nearest")
    fig.colorbar(image, ax=ax, label="value")
    ax.set_yticks(range(len(X)), [_short(t) for t in texts])
    ax.set(title=title, xlabel="component of the vector")
    show(fig, name, f"{len(X)} vectors of {X.shape[1]} components as rows of colour, one per text.")


def lengths(values, max_length=None, title="Length", unit="tokens", name="lengths"):
    """Plot histograms of text lengths. `values` is {label: list of lengths}; `max_length` is drawn as a vertical line."""
    fig, ax = _axes()
    longest = max(max(v) for v in values.values())
    bins = np.arange(0, longest + 2, max(1, longest // 80)) - 0.5  # whole tokens, the same bins for all
    for i, (label, v) in enumerate(values.items()):
        ax.hist(v, bins=bins, alpha=0.75, label=label, color=COLOURS[i])
    if max_length:
        ax.axvline(max_length, color="black", linestyle="--", label=f"cut at {max_length}")
    ax.set(title=title, xlabel=f"length ({unit})", ylabel="how many")
    ax.legend()
    means = ", ".join(f"{k} mean {np.mean(v):.0f}" for k, v in values.items())
    show(fig, name, f"Histogram of lengths in {unit}: {means}.")


def layout(samples, title="Rows of P, and the labels", name="layout"):
    """Plot which passage is in which row of a batch. `samples` has a list of passage names per question, the gold passage first."""
    names = [p for s in samples for p in s]
    golds = [sum(len(s) for s in samples[:i]) for i in range(len(samples))]
    fig, ax = _axes(1.5 * len(names), 2.0, grid=False)
    for j, p in enumerate(names):
        ax.add_patch(Rectangle((j, 0), 0.94, 0.8, facecolor=COLOURS[1] if j in golds else "#DDDDDD", edgecolor="none"))
        ax.text(j + 0.47, 0.4, p, ha="center", va="center", color="white" if j in golds else "black")
        ax.text(j + 0.47, -0.25, f"row {j}", ha="center", va="center")
    for i, j in enumerate(golds):
        ax.text(j + 0.47, 1.05, f"labels[{i}] = {j}", ha="center", va="center", fontweight="bold")
    ax.set(xlim=(-0.1, len(names)), ylim=(-0.5, 1.3), title=title)
    ax.axis("off")
    show(fig, name, f"The rows of P are {', '.join(names)}; the labels are {golds}.")


def token_map(mask, title="Tokens and padding", name="token_map"):
    """Plot a batch's mask (N, T) with real tokens dark and padding light."""
    mask = _array(mask)
    fig, ax = _axes(7, 3.6, grid=False)
    ax.imshow(1 - mask, cmap="cividis", aspect="auto", interpolation="nearest", vmin=-0.3, vmax=1.2)
    ax.set(title=title, xlabel="position (tokens)", ylabel="row of the batch")
    show(fig, name, f"{mask.shape[0]} rows of {mask.shape[1]} positions; {1 - mask.mean():.0%} of the positions are padding.")


def margins(gaps, title="Margins", name="margins"):
    """Plot histograms of margins (gold score minus negative score), with a line at zero. `gaps` is {system: array of margins}."""
    fig, ax = _axes()
    told = []
    gaps = {label: _array(gap) for label, gap in gaps.items()}
    bins = np.histogram_bin_edges(np.concatenate(list(gaps.values())), bins=30)  # the same bins for all
    for i, (label, gap) in enumerate(gaps.items()):
        ax.hist(gap, bins=bins, alpha=0.65, color=COLOURS[i], label=f"{label}: {np.mean(gap < 0):.0%} below zero")
        told.append(f"{label}: median {np.median(gap):.1f}, {np.mean(gap < 0):.0%} below zero")
    ax.axvline(0, color="black", linewidth=1)
    ax.set(title=title, xlabel="difference of scores (dot product)", ylabel="training questions")
    ax.margins(y=0.25)  # room for the legend
    ax.legend(loc="upper left")
    show(fig, name, f"Histogram of score differences. {'; '.join(told)}.")


def recall_curves(recalls, title="Recall@k", name="recall_curves"):
    """Plot Recall@k in percent against k, with a logarithmic axis for k. `recalls` is {system: {k: percent}}."""
    fig, ax = _axes()
    for label, recall in recalls.items():
        ks = sorted(k for k in recall if isinstance(k, int))
        ax.plot(ks, [recall[k] for k in ks], alpha=0.85, label=NAMES.get(label, label))
    ax.set_xscale("log")
    ax.set_xticks(ks, ks)
    ax.minorticks_off()
    ax.set(title=title, xlabel="k (number of passages)", ylabel="R@k (% of questions)", ylim=(0, 102))
    fig.legend(loc="outside lower center", ncols=min(3, len(recalls)), frameon=False)  # the curves leave no corner free
    told = (f"{NAMES.get(s, s)}: " + ", ".join(f"R@{k} {r[k]:.1f}" for k in ks) for s, r in recalls.items())
    show(fig, name, f"Recall at k. {'; '.join(told)}")


def learning_curves(histories, title="Training", name="learning_curves"):
    """Plot the loss of each step and the score of each epoch. `histories` is {label: History, see dpr_course.train}."""
    with plt.rc_context(STYLE):
        fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    told = []
    for label, h in histories.items():
        left.plot([s["step"] for s in h.steps], [s["loss"] for s in h.steps], markevery=0.1, label=label)
        right.plot([e["epoch"] for e in h.epochs], [e["score"] for e in h.epochs], label=label)
        told.append(f"{label}: loss from {h.steps[0]['loss']:.2f} to {h.steps[-1]['loss']:.2f}")
    left.set(title=f"{title}: loss", xlabel="step", ylabel="loss (nats)", ylim=(0, None))
    right.set(title=f"{title}: development R@5", xlabel="epoch", ylabel="R@5 (% of questions)", ylim=(0, 100))
    right.xaxis.set_major_locator(MaxNLocator(integer=True))
    left.legend()
    right.legend(loc="lower right")
    show(fig, name, f"Learning curves. {'; '.join(told)}")


def bands(values, fresh=None, title="Bands over seeds", ylabel="R@1 (% of questions)", name="bands"):
    """Plot results over seeds: for each label one dot per seed, and the mean with its 95 % interval.

    `values` is {label: list with one number per seed}; `fresh` is {label: number} of the latest run, drawn as diamonds.
    """
    fig, ax = _axes(max(5.0, 1.3 * len(values) + 2), 4.2)
    told = []
    for i, (label, v) in enumerate(values.items()):
        mean, low, high = interval(v) if len(v) > 1 else (v[0], v[0], v[0])
        ax.scatter(np.linspace(i - 0.15, i + 0.15, len(v)), v, color=COLOURS[i % len(COLOURS)], alpha=0.55, s=24)
        ax.errorbar(i, mean, yerr=[[mean - low], [high - mean]], fmt="_", color="black", markersize=22, capsize=6, linewidth=2)
        told.append(f"{NAMES.get(label, label)}: mean {mean:.1f} (95 % interval {low:.1f} to {high:.1f}, {len(v)} seeds)")
    if fresh:
        places = [list(values).index(label) for label in fresh]
        ax.plot(places, list(fresh.values()), "D", color=COLOURS[3], markeredgecolor="white", markersize=11, label="this run")
        ax.margins(y=0.15)  # room for the legend
        ax.legend(loc="upper left")
        told.append("this run: " + ", ".join(f"{label} {value:.1f}" for label, value in fresh.items()))
    ax.set_xticks(range(len(values)), [NAMES.get(label, label) for label in values])
    ax.set(title=title, ylabel=ylabel, xlim=(-0.6, len(values) - 0.4))
    show(fig, name, f"{title}. {'; '.join(told)}")


def vector_map(X, Y, labels, highlight=8, title="Questions and passages in two dimensions", name="vector_map"):
    """Plot questions X (B, d) and passages Y (N, d) on their first two principal components.

    `labels` (B,) is the row of Y of each question's gold passage. Lines join `highlight` questions to their gold passages.
    """
    X, Y, labels = (torch.as_tensor(_array(v)) for v in (X, Y, labels))
    both = torch.cat([X, Y]).double()
    both = both - both.mean(0)
    _, s, V = torch.linalg.svd(both, full_matrices=False)
    flat = (both @ V[:2].T).numpy()
    x, y = flat[: len(X)], flat[len(X) :]
    fig, ax = _axes(7.0, 5.2)
    ax.scatter(*y.T, s=9, color="#BBBBBB", label="passages")
    ax.scatter(*x.T, s=9, color=COLOURS[5], label="questions")
    for n, i in enumerate(np.linspace(0, len(X) - 1, min(highlight, len(X))).astype(int)):
        gold = y[labels[i]]
        ax.plot(*zip(x[i], gold), color=COLOURS[1], marker="", label="question to gold passage" if n == 0 else None)
        ax.scatter(*x[i], s=30, color=COLOURS[0], zorder=3)
        ax.scatter(*gold, s=30, color="black", zorder=3)
    share = float((s[:2] ** 2).sum() / (s**2).sum())
    ax.set(title=f"{title}\n({share:.0%} of the variance)", xlabel="first principal component", ylabel="second principal component")
    fig.legend(loc="outside lower center", ncols=3, frameon=False)
    gap = float(np.linalg.norm(x.mean(0) - y.mean(0)) / np.linalg.norm(flat.std(0)))
    told = f"the two clouds' centres are {gap:.1f} standard deviations apart."
    show(fig, name, f"Scatter plot of {len(X)} question and {len(Y)} passage vectors; {told}")
