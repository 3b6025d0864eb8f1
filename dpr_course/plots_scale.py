"""The pictures of stage 08, in the style of dpr_course.plots."""

from matplotlib.ticker import FuncFormatter

from dpr_course.plots import COLOURS, _axes, show


def memory_curves(peaks, title="Peak memory of one step", name="memory_curves"):
    """Peak memory against batch size: `peaks` is {label: {B: megabytes}}. Both axes are logarithmic."""
    fig, ax = _axes()
    for label, peak in peaks.items():
        ax.plot(list(peak), list(peak.values()), marker="o", label=label)
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
    """Cosine with the gradient of the whole batch, against the size of the pieces: `cosines` is {label: {size: cosine}}."""
    fig, ax = _axes()
    for label, cosine in cosines.items():
        ax.plot(list(cosine), list(cosine.values()), marker="o", label=label)
    sizes = sorted({n for cosine in cosines.values() for n in cosine})
    ax.set_xscale("log", base=2)
    ax.set_xticks(sizes, sizes)
    ax.axhline(1, color=COLOURS[6], linewidth=0.8, linestyle=":")
    ax.set(title=title, xlabel="questions in a piece", ylabel="cosine with the whole batch's gradient", ylim=(0, 1.05))
    ax.legend(loc="lower right")
    told = (f"{label}: " + ", ".join(f"{v:.2f} for {n}" for n, v in cosine.items()) for label, cosine in cosines.items())
    show(fig, name, f"Cosine between gradients, by the number of questions in a piece. {'; '.join(told)}.")
