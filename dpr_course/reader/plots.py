"""The plots of notebook 09, in the style of dpr_course.plots."""

import matplotlib.pyplot as plt
import numpy as np

from dpr_course.plots import COLOURS, STYLE, _array, _axes, show


def who_sees_whom(moved, titles, name="who_sees_whom"):
    """Plot matrices of distances. Entry (i, j) says how far the vectors of passage j move when a token of passage i changes.

    moved   {title of the panel: (n, n) tensor of distances}; each entry gets its own panel, and the panels stand side by side
    titles  titles of the n passages
    """
    with plt.rc_context({**STYLE, "axes.grid": False}):
        fig, axes = plt.subplots(1, len(moved), figsize=(5.6 * len(moved), 3.6), layout="constrained", squeeze=False)
    told = []
    for ax, (label, matrix) in zip(axes[0], moved.items()):
        matrix = _array(matrix)
        ax.imshow(matrix > 1e-3, cmap="cividis", vmin=-0.3, vmax=1.2, aspect="auto")
        for i, j in np.ndindex(matrix.shape):
            ax.text(j, i, f"{matrix[i, j]:.1f}", ha="center", va="center", color="black" if matrix[i, j] > 1e-3 else "white")
        ax.set_xticks(range(len(titles)), titles, rotation=20, ha="right")
        ax.set_yticks(range(len(titles)), titles)
        ax.set(title=label, xlabel="how far the vectors of this passage move", ylabel="when a token of this one changes")
        told.append(f"{label}: " + "; ".join(f"{t}: {', '.join(f'{v:.1f}' for v in row)}" for t, row in zip(titles, matrix)))
    show(fig, name, f"How far vectors move when a token of another passage changes. {'. '.join(told)}")


def answers_against_n(em, ceilings, gold, title="Exact match against n_context", name="answers_against_n"):
    """Plot exact match, and the limit that the retriever sets for it, against the number of passages read.

    em        {n: (percent, low, high)}: exact match with n passages, and its 95 % interval
    ceilings  {n: percentage of questions with an answer in their first n passages}
    gold      exact match in percent with the gold passage alone, drawn as a horizontal line
    """
    fig, ax = _axes(7.5, 4.4)
    places = range(len(em))
    ax.plot(
        places,
        [ceilings.get(n, 0.0) for n in em],
        color=COLOURS[6],
        marker="_",
        linestyle=":",
        label="the answer is in the first n",
    )
    ax.axhline(gold, color=COLOURS[2], linestyle="--", linewidth=1, label="exact match, gold passage alone")
    ax.plot(places, [v[0] for v in em.values()], color=COLOURS[0], label="exact match, 95 % interval")
    ax.fill_between(places, [v[1] for v in em.values()], [v[2] for v in em.values()], color=COLOURS[0], alpha=0.2, linewidth=0)
    ax.set_xticks(places, list(em))
    ax.set(title=title, xlabel="passages read (n_context)", ylabel="% of questions", ylim=(0, 102))
    fig.legend(loc="outside lower center", ncols=2, frameon=False)
    told = ", ".join(f"{v:.1f} ({low:.1f} to {high:.1f}) with {n}" for n, (v, low, high) in em.items())
    above = ", ".join(f"{v:.1f} with {n}" for n, v in ceilings.items())
    show(fig, name, f"Exact match by passages read: {told}; gold passage alone: {gold:.1f}; an answer in the first n: {above}.")


def cost_curves(costs, title="What n passages cost", name="cost_curves"):
    """Plot time per question and peak memory against n, the number of passages. `costs` is {label: {n: (seconds, MB)}}."""
    with plt.rc_context(STYLE):
        fig, axes = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    for ax, k, label in zip(axes, (0, 1), ("seconds for one question", "peak memory of the process (MB)")):
        for way, cost in costs.items():
            ax.plot(list(cost), [v[k] for v in cost.values()], label=way)
        ax.set(title=title if k == 0 else "", xlabel="passages read (n)", ylabel=label, ylim=(0, None))
    axes[0].legend()
    told = (
        f"{way}: " + ", ".join(f"{s:.3f} s and {mb:.0f} MB for {n}" for n, (s, mb) in cost.items()) for way, cost in costs.items()
    )
    show(fig, name, f"Time and memory against the number of passages. {'; '.join(told)}.")
