"""The plots of stage 09, in the style of dpr_course.plots."""

import matplotlib.pyplot as plt

from dpr_course.plots import COLOURS, STYLE, _axes, show


def answers_against_n(em, ceilings, gold, title="Exact match against n_context", name="answers_against_n"):
    """Plot exact match against the number of passages read, below the ceiling that the retriever sets.

    em: {n: (percent, low, high)}. ceilings: {n: percent of questions with an answer in the first n}. gold: the percentage with
    the gold passage alone, drawn as a line.
    """
    fig, ax = _axes(7.5, 4.4)
    places = range(len(em))
    ax.plot(
        places,
        [ceilings.get(n, 0.0) for n in em],
        color=COLOURS[6],
        marker="_",
        linestyle=":",
        label="the answer stands in the first n",
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
    """Plot time and peak memory against the number of passages: `costs` is {way: {n: (seconds, megabytes)}}."""
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
