"""Runs the reference notebooks, which hold the answers, and writes the report: `python -m autograder course` (`make course`).

All results are written to one folder: index.html, results.json, the executed notebooks (also as HTML) and every picture as PNG.
Each picture is saved as soon as it is drawn. Two notebooks run at a time, because much of a notebook uses only one core.
Notebooks that measure time run alone, after the others.
"""

import json
import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from markupsafe import Markup
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from tqdm import tqdm

from autograder.authoring.clinic import CLINIC
from autograder.authoring.glossary import PAGE
from autograder.authoring.html_export import write_html
from autograder.authoring.html_templates import render
from autograder.kernels import notebook_client
from autograder.places import NOTEBOOKS, SOURCES
from autograder.stages.source import chosen_stages
from dpr_course.bands import distillation_summary, load_bands, paired_gain
from dpr_course.dose import DOSE, dose_summary
from dpr_course.progress import progress
from dpr_course.results import K_VALUES, NAMES, results_table

TIMEOUT = 600  # seconds per cell
CORES = os.cpu_count() or 1


def execute(path, out, threads=CORES):
    """Run the notebook `path` in its own folder and save it, executed, to the folder `out` as .ipynb and HTML.

    Returns the text of the error that stopped the notebook, or None if it ran to its end. `threads` is the number of threads
    for matrix products; the results do not depend on it.
    """
    notebook = nbformat.read(path, as_version=4)
    error = None
    try:
        notebook_client(notebook, TIMEOUT, path.parent).execute(env={**os.environ, "OMP_NUM_THREADS": str(threads)})
    except (CellExecutionError, CellTimeoutError) as e:  # returned, so that the other notebooks are still run
        error = str(e)
    nbformat.write(notebook, out / path.name)
    write_html(notebook, out / f"{path.stem}.html")
    return error


def measures_time(path):
    """Return whether a cell of the notebook `path` measures time. If it does, no other notebook may run at the same time."""
    return any("time.perf_counter" in c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code")


def execute_all(paths, out, cores=CORES):
    """Execute the notebooks `paths`, {name: path}, and save them in the folder `out`. `cores` is the number of cores to use.

    Returns {name: seconds} and {name: error}, both in the order of `paths`. The second dict holds only notebooks that failed.
    """
    names = list(paths)
    alone = [name for name in names if cores < 2 or measures_time(paths[name])]
    beside = [name for name in names if name not in alone]
    ended, running = {}, []
    with tqdm(total=len(names), desc="course", unit="notebook", file=sys.stdout, ncols=100) as bar:

        def one(name, threads):
            begun = time.perf_counter()
            running.append(name)
            bar.set_postfix_str(", ".join(running))
            error = execute(paths[name], out, threads)
            ended[name] = round(time.perf_counter() - begun, 1), error
            running.remove(name)
            bar.set_postfix_str(", ".join(running), refresh=False)
            bar.update()

        for group, workers in ((beside, 2), (alone, 1)):
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(lambda name, n=workers: one(name, max(1, cores // n)), group))  # list() raises any other error here
    return {n: ended[n][0] for n in names}, {n: ended[n][1] for n in names if ended[n][1]}


def run_course(out, wanted=None):
    """Delete the folder `out`, execute the reference notebooks, and write the report to `out`. Returns the exit status.

    `wanted` names the stages, such as "04" or "01-03" (see `chosen_stages`); None means all. The status is 1 if a notebook
    failed.
    """
    out = Path(out).resolve()
    shutil.rmtree(out, ignore_errors=True)
    pictures = out / "pictures"
    pictures.mkdir(parents=True)
    # The kernels inherit these variables, which name the folders for pictures and results and silence warnings.
    os.environ.update(DPR_PICTURES=str(pictures), DPR_REPORT=str(out), PYTHONWARNINGS="ignore", JUPYTER_PLATFORM_DIRS="1")
    names = chosen_stages(wanted)
    begun, wall = time.perf_counter(), time.time()
    paths = {name: SOURCES / name / f"{name}.ipynb" for name in names} | ({} if wanted else {"clinic": NOTEBOOKS / CLINIC})
    seconds, failed = execute_all(paths, out)
    drawn = [p.stat().st_mtime - wall for p in pictures.glob("*.png")]
    rows, reader = taken(out / "rows.json") or [], taken(out / "reader.json")
    results = {
        "rows": rows,
        "hard_minus_nce": paired_gain(load_bands()),
        **({"reader": reader} if reader else {}),
        **({"dose": dose_summary()} if DOSE.exists() else {}),
        "distillation": {r["model"]: r["recall"]["1"] for r in rows if r["model"] == "untrained"} | distillation_summary(),
        "seconds": {
            "total": round(time.perf_counter() - begun, 1),
            "first_picture": round(min(drawn), 1) if drawn else None,
            "by_notebook": seconds,
        },
    }
    (out / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    ask = (out / "ask.html").exists()  # the live page, written by notebooks that call dpr_course.page.show
    write_html(nbformat.read(NOTEBOOKS / PAGE, as_version=4), out / "glossary.html")
    road = progress(NOTEBOOKS)._repr_html_()  # the progress of the person who works in this checkout
    (out / "index.html").write_text(page(results, pictures, list(paths), failed, ask, road), encoding="utf-8")

    if rows:
        print("\n" + results_table({r["model"]: {int(k): v for k, v in r["recall"].items()} for r in rows}))
    g = results["hard_minus_nce"]
    print(
        f"\nNCE + hard minus NCE in R@1 over {g['seeds']} seeds, as recorded on the toy NQ: "
        f"{g['mean']:+.2f} (95 % interval {g['low']:+.2f} to {g['high']:+.2f})"
    )
    if reader:
        read = ", ".join(f"{v:.1f} with {n}" for n, v in reader["em"].items())
        print(
            f"Exact match of the reader by passages read, {reader['questions']} questions: {read}; gold passage: {reader['em_gold']:.1f}"
        )
    d = results["distillation"]
    told = ", ".join(f"{name} {d[name]:.1f}" for name in ("uniform", "bm25", "reader", "nce", "nce_then_reader"))
    print(f"R@1 after distillation over {d['seeds']} seeds, as recorded on the toy NQ, by teacher: {told}")
    print(f"{results['seconds']['total']:.0f} seconds; report: {out / 'index.html'}")
    for name, error in failed.items():
        print(f"\nFAILED {name}:\n{error[-3000:]}", file=sys.stderr)
    return 1 if failed else 0


def taken(path):
    """Return the content of the JSON file that a notebook wrote to `path`, and delete the file.

    Return None if there is no such file.
    """
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    return found


FIRST = (
    "04_learning_curves",
    "05_learning_curves",
    "04_before_after",
    "05_recall",
    "05_margins",
    "05_bands",
    "09_em",
    "clinic_dose",
)


def page(results, pictures, names, failed, ask=False, road=""):
    """Return the report as one HTML page that needs no network.

    results   content of results.json
    pictures  folder of the pictures
    names     names of the notebooks
    failed    {name: error} of the notebooks that failed
    ask       whether the notebooks wrote ask.html, a page on which retrievers answer questions; if so, the report links to it
    road      HTML that shows which exercises the person who runs the command has solved so far
    """
    found = {
        p.stem: {"name": p.name, "alt": p.with_suffix(".txt").read_text(encoding="utf-8").strip()} for p in pictures.glob("*.png")
    }
    seconds = results["seconds"]
    return render(
        "course.html",
        k_values=K_VALUES,
        rows=[(NAMES.get(r["model"], r["model"]), [r["recall"][str(k)] for k in K_VALUES]) for r in results["rows"]],
        gain=results["hard_minus_nce"],
        first=[found[n] for n in FIRST if n in found],
        rest=[found[n] for n in sorted(found) if n not in FIRST],
        notebooks=[{"name": n, "seconds": seconds["by_notebook"][n], "failed": n in failed} for n in names],
        seconds=seconds,
        ask=ask,
        road=Markup(road),  # _repr_html_ has escaped its texts
    )
