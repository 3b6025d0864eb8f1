"""Measures how the cost of encoding and search grows with the number of passages: `python -m autograder bench-search`.

`make bench-scale` runs it too. Exact search is done by the course, approximate search by FAISS's HNSW graph. The vectors are made
up (see autograder.bench.search_work), and the texts for encoding are those of the toy NQ. The costs are projected to DPR's 21
million passages. Each projection states how the cost is assumed to grow. To test this assumption, the cost at the largest measured
size is projected from the smaller sizes, and the table shows how close the projection comes.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.bench.clock import processor
from autograder.bench.projection import WIKIPEDIA, linear, logarithmic, power, projected, sorting
from autograder.bench.search_work import BLOCK, QUESTIONS, ROUNDS, TOP
from autograder.bench.sections import replace_section
from autograder.grade.cache import write_json
from autograder.places import HOUSE, ROOT
from dpr_course.runtime import progress

README = HOUSE / "bench" / "README.md"
SIZES, WIDTHS = (1_500, 10_000, 100_000, 1_000_000), (256, 768)  # the vector widths of the toy encoder and of BERT
SHARE = 0.5  # maximum share of the machine's memory for one search
ASSUMED = """The projection assumes that encoding and exact search cost the same for every further passage (N, from the largest size
measured), that every passage takes the same number of bytes, and that everything fits into the memory of one machine of this kind.
For the graph there are two laws. Theory says a + b log N for a search (fitted to all sizes) and N log N for building; N^b goes through
the two largest sizes. The theory counts comparisons, and a comparison takes longer while the vectors outgrow the processor's caches.
Each law is first tried: it projects the largest size measured from the smaller ones, and the table shows how well. Recall is not
projected; it falls with N. The encoder is the toy's, with 1.05 million weights in the matrices of its 2 layers: BERT's 12 layers have
84.9 million, 81 times the work per token."""


def fits(n, d):
    """Return whether a search of n vectors of width d needs at most the share SHARE of this machine's memory.

    The search needs memory for the vectors, for their HNSW graph, and for temporary arrays while one block of vectors is made.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return n * (4 * d + 300) + 16 * BLOCK * d + 2**29 <= SHARE * memory


def measure(*arguments):
    """Run `python -m autograder.bench.search_work` with `arguments`, and return the rows that it prints, a list of dicts.

    Raises OSError if the command fails.
    """
    environment = {**os.environ, "DPR_NO_PROGRESS": "1", "DPR_DEVICE": "cpu", "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}
    environment["OMP_WAIT_POLICY"] = "PASSIVE"  # a thread that waits takes no processor time
    command = [sys.executable, "-m", "autograder.bench.search_work", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise OSError(f"{' '.join(map(str, arguments))} failed with status {done.returncode}\n{done.stderr[-1500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def measure_all(sizes, widths):
    """Measure encoding, and measure search for all `sizes` (numbers of vectors) and `widths`. Prints each row of search.

    Returns three lists: the rows of encoding, the rows of search, and the pairs (size, width) left out for lack of memory.
    """
    cases = [(n, d) for d in widths for n in sorted(sizes)]
    left_out = [case for case in cases if not fits(*case)]
    plan = [(system, *case) for case in cases if case not in left_out for system in ("flat", "hnsw")]
    rows = []
    with tempfile.TemporaryDirectory(prefix="search-") as folder:
        for system, n, d in progress(plan, desc="search at scale", unit="run"):
            for row in measure(system, n, d, folder):
                rows.append({"n": n, "d": d, **row})
                print(json.dumps(rows[-1]))  # so that this row is not lost if a later measurement fails
    return measure("encode"), rows, left_out


def search_table(rows, passages_per_second):
    """Return a Markdown table of `rows`, the rows of search. Its last column is the time to encode the same number of passages.

    `passages_per_second` is the measured speed of encoding.
    """
    head = (
        "d",
        "passages",
        "search",
        f"batch of {QUESTIONS}, s",
        "ms per question",
        "recall, %",
        "building, s",
        "index, MB",
        "peak, MB",
    )
    lines = ["| " + " | ".join((*head, "encoding, s")) + " |", "|--:|--:|---" + "|--:" * 7 + "|"]
    for r in rows:
        batch = statistics.median(r["cpu_s"])
        spread = f"{batch:.3g} ({min(r['cpu_s']):.3g} to {max(r['cpu_s']):.3g})"
        cells = [r["d"], f"{r['n']:,}", r["system"], spread, f"{1000 * batch / r['questions']:.3g}", f"{r['recall']:.1f}"]
        cells += [number(r["built_cpu_s"]), number(r["bytes"] / 1e6), f"{r['peak_mb']:,.0f}"]
        cells.append(number(r["n"] / passages_per_second if r["d"] == WIDTHS[0] else None))
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def number(value):
    """Return a number as text: without decimals from 1000 on, else with three significant digits. None becomes "-"."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def projections(encoding, rows):
    """Return the projections of all costs, a list of dicts with "what", "unit", "law" and the keys of `projection.projected`.

    `encoding` and `rows` are the rows of encoding and of search, as `measure_all` returns them.
    """
    found = [("encoding", "h", (linear,), {r["passages"]: statistics.median(r["cpu_s"]) / 3600 for r in encoding})]
    for d in dict.fromkeys(r["d"] for r in rows):
        for system in dict.fromkeys(r["system"] for r in rows):
            own = [r for r in rows if (r["d"], r["system"]) == (d, system)]
            search = {r["n"]: 1000 * statistics.median(r["cpu_s"]) / r["questions"] for r in own}
            found.append(
                (f"{system}, d = {d}: search per question", "ms", (linear,) if system == "flat" else (logarithmic, power), search)
            )
        for system in ("flat", "HNSW"):
            own = {r["n"]: r for r in rows if r["d"] == d and r["system"].startswith(system)}
            found.append((f"{system}, d = {d}: index", "GB", (linear,), {n: r["bytes"] / 1e9 for n, r in own.items()}))
        found.append((f"HNSW, d = {d}: building", "h", (sorting, power), {n: r["built_cpu_s"] / 3600 for n, r in own.items()}))
    return [
        {"what": what, "unit": unit, "law": law.__name__, **projected(law, cost)}
        for what, unit, laws, cost in found
        for law in laws
    ]


LAWS = {"linear": "N", "sorting": "N log N", "logarithmic": "a + b log N", "power": "N^b"}


def projection_table(found):
    """Return a Markdown table of `found`, the result of `projections`.

    Each row shows the projected cost, and how close the law came to the measured cost at the largest measured size.
    """
    lines = [
        f"| cost | grows as | tried at | projected | measured | projected ÷ measured | at {WIKIPEDIA:,} passages |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for p in found:
        ratio = None if p["tried"] is None else p["tried"] / p["measured"]
        tried, measured = (f"{number(p[key])} {p['unit']}" if p[key] is not None else "-" for key in ("tried", "measured"))
        at = f"{number(p['cost'])} {p['unit']}" if p["cost"] is not None else "-"
        lines.append(f"| {p['what']} | {LAWS[p['law']]} | {p['tried_at']:,} | {tried} | {measured} | {number(ratio)} | {at} |")
    return "\n".join(lines)


def report(encoding, rows, left_out):
    """Return the section of bench/README.md in Markdown: how the costs were measured, both tables, what the projection assumes.

    The arguments are the three results of `measure_all`.
    """
    rate = encoding[-1]["passages"] / statistics.median(encoding[-1]["cpu_s"])
    before = max(r["before_mb"] for r in rows)
    missing = (
        f" Not measured, since it does not fit into half of the memory: {', '.join(f'{n:,} x {d}' for n, d in left_out)}."
        * bool(left_out)
    )
    return f"""By `python -m autograder bench-search`, on {os.cpu_count()} cores ({processor()}), each contender and size in a separate
process. Times are processor time, which other programs change less than wall-clock time; search and encoding use one core, building all.
Passages and questions are made up, and resemble the toy's after training in effective dimensions (49, the toy's 47), distance of neighbours and
spread of scores (autograder/bench/search_work.py says how). A batch has {QUESTIONS} questions, each for its {TOP} best passages; its
time is the median of {ROUNDS}, with the range. *flat* is the course's exact search, HNSW is FAISS's graph with stage 07's parameters.
Recall is stage 07's, against exact search; among passages with equal scores any counts. *Peak* is the most memory that the process
held, of which the libraries took up to {before:.0f} MB. *Encoding* is N passages at the {rate:,.0f} passages per second of the toy's
encoder, which makes vectors of {WIDTHS[0]}.{missing}

{search_table(rows, rate)}

{projection_table(projections(encoding, rows))}

{ASSUMED}"""


def run_bench(sizes=SIZES, widths=WIDTHS, out="report/bench"):
    """Measure the given sizes and widths, print the tables, and write search_scale.json to the folder `out`.

    The section of bench/README.md is written only if `sizes` includes all of SIZES and `widths` includes the toy encoder's width.
    """
    encoding, rows, left_out = measure_all(sizes, widths)
    text = report(encoding, rows, left_out)
    about = {"cores": os.cpu_count(), "processor": processor(), "questions": QUESTIONS, "k": TOP}
    path = Path(out) / "search_scale.json"
    write_json(path, {"about": about, "encoding": encoding, "rows": rows, "projection": projections(encoding, rows)})
    if set(sizes) >= set(SIZES) and WIDTHS[0] in widths:
        replace_section(README, "bench-search", text)
    print(f"{text}\n\nwritten to {path}")
