"""The plots of notebooks 07 and 08 and of the benchmarks, in the style of dpr_course.plots."""

import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from dpr_course.plots import COLOURS, STYLE, _axes, show


def memory_curves(peaks, title="Peak memory of one step", name="memory_curves"):
    """Plot peak memory against batch size, both on logarithmic axes. `peaks` is {label: {batch size: megabytes}}."""
    fig, ax = _axes()
    for label, peak in peaks.items():
        ax.plot(list(peak), list(peak.values()), label=label)
        ax.annotate(f"{list(peak.values())[-1]:,.0f} MB", (list(peak)[-1], list(peak.values())[-1]), (0, 9), textcoords="offset points", ha="center")  # fmt: skip
    ax.set_xscale("log", base=2)
    ax.set_yscale("log", base=2)
    ticks = sorted({B for peak in peaks.values() for B in peak})
    ax.set_xticks(ticks, [f"{B:,}" for B in ticks])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
    highest = max(v for peak in peaks.values() for v in peak.values())
    ax.set(title=title, xlabel="questions in the batch (B)", ylabel="peak memory of the process (MB)", ylim=(256, 2 * highest))
    ax.legend(loc="upper left")
    told = (f"{label}: " + ", ".join(f"{v:,.0f} MB at B = {B:,}" for B, v in peak.items()) for label, peak in peaks.items())
    show(fig, name, f"Peak memory against batch size. {'; '.join(told)}.")


def agreement(cosines, title="Does it point the same way?", name="agreement"):
    """Plot the cosine between a gradient that is computed piece by piece and the gradient of the whole batch.

    The horizontal axis is the number of questions in a piece. `cosines` is {label: {number of questions in a piece: cosine}}.
    """
    fig, ax = _axes()
    for label, cosine in cosines.items():
        ax.plot(list(cosine), list(cosine.values()), label=label)
    sizes = sorted({n for cosine in cosines.values() for n in cosine})
    ax.set_xscale("log", base=2)
    ax.set_xticks(sizes, sizes)
    ax.axhline(1, color=COLOURS[6], linewidth=0.8, linestyle=":")
    ax.set(title=title, xlabel="questions in a piece", ylabel="cosine with the whole batch's gradient", ylim=(0, 1.05))
    ax.legend(loc="lower right")
    told = (f"{label}: " + ", ".join(f"{v:.2f} for {n}" for n, v in cosine.items()) for label, cosine in cosines.items())
    show(fig, name, f"Cosine between gradients, by the number of questions in a piece. {'; '.join(told)}.")


def growth(rows, title="As the index grows", name="growth"):
    """Plot recall, time and memory against the number of vectors in an index, with one line per system.

    `rows` are dicts with the keys system (name), n (number of vectors), recall (% of exact search's top 10 that were found), ms
    (milliseconds per question) and mb (size of the index in MB).
    """
    with plt.rc_context(STYLE):
        fig, axes = plt.subplots(1, 3, figsize=(12, 3.8), layout="constrained")
    systems = list(dict.fromkeys(r["system"] for r in rows))
    panels = (("recall", "found of exact search's top 10 (%)"), ("ms", "time per question (ms)"), ("mb", "index in memory (MB)"))
    for ax, (key, label) in zip(axes, panels):
        for system in systems:
            own = [r for r in rows if r["system"] == system]
            ax.plot([r["n"] for r in own], [r[key] for r in own], label=system)
        ax.set(title=title if key == "ms" else "", xlabel="vectors", ylabel=label, xscale="log")
        if key == "recall":
            ax.set_ylim(min(r["recall"] for r in rows) - 2, 100.5)
        else:
            ax.set_yscale("log")
            ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            ax.yaxis.set_major_formatter("{x:g}")
            ax.yaxis.set_minor_formatter(NullFormatter())
        ax.xaxis.set_major_formatter("{x:,.0f}")
    axes[0].legend()
    last = [[r for r in rows if r["system"] == s][-1] for s in systems]
    told = "; ".join(f"{r['system']}: {r['recall']:.0f} % found, {r['ms']:.3f} ms per question, {r['mb']:.0f} MB" for r in last)
    show(fig, name, f"Recall, time and memory against the number of vectors. At {last[0]['n']:,} vectors {told}.")


def bench_bars(rows):
    """Plot the speed of the course relative to other systems, with one bar for each task and other system. Return the figure.

    `rows` are the results of `autograder.bench.speed`, dicts with the keys task, contender (name of the system) and ratio. A ratio
    of 2 means that the course is twice as fast as the other system. Rows of the course itself are left out.
    """
    rows = [r for r in rows if r["contender"] != "dpr-course"]
    fig, ax = _axes(8.5, 0.6 * len(rows) + 1.2)
    names = [f"{r['task'].split(',')[0]}\nagainst {r['contender']}" for r in rows]
    bars = ax.barh(names, [r["ratio"] for r in rows], color=COLOURS[0])
    ax.bar_label(bars, fmt="%.2f", padding=3)
    ax.axvline(1, color="black", linewidth=1)
    ax.invert_yaxis()
    ax.set_xlabel("times as fast (1 = equal)")
    ax.set_title("The course and others on the same work")
    plt.close(fig)
    return fig
