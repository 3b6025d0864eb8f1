"""Run the reference notebooks in order and write the report: `python -m autograder course` (`make course`).

Everything lands in one folder: index.html, results.json, the executed notebooks (and as HTML) and every picture
as PNG. A picture is on disk the moment a notebook draws it.
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path

import nbformat
from markupsafe import Markup
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from tqdm import tqdm

from autograder.authoring.clinic import CLINIC
from autograder.authoring.glossary import PAGE
from autograder.authoring.html_export import write_html
from autograder.authoring.page import render
from autograder.places import NOTEBOOKS, SOURCES
from autograder.stages.source import chosen_stages
from dpr_course.bands import distillation_summary, load_bands, paired_gain
from dpr_course.dose import DOSE, dose_summary
from dpr_course.progress import progress
from dpr_course.results import K_VALUES, NAMES, results_table

TIMEOUT = 600  # seconds per cell


def execute(path, out, bar):
    """Run one notebook in its own folder and save it, executed, as .ipynb and HTML. Returns the error, or None."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],
    )
    total = sum(c.cell_type == "code" for c in notebook.cells)
    with tqdm(total=total, desc=path.stem, unit="cell", leave=True, file=sys.stdout, ncols=100) as cells:
        client.on_cell_executed = lambda cell, cell_index, execute_reply: cells.update(cell.cell_type == "code")
        error = None
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError) as e:  # the other notebooks are run all the same
            error = str(e)
    bar.update()
    nbformat.write(notebook, out / path.name)
    write_html(notebook, out / f"{path.stem}.html")
    return error


def run_course(out, wanted=None):
    """Execute the reference notebooks and write the report to the folder `out`. Returns the exit status."""
    out = Path(out).resolve()
    shutil.rmtree(out, ignore_errors=True)
    pictures = out / "pictures"
    pictures.mkdir(parents=True)
    # The kernels inherit these: where pictures and rows go, and this package wherever it was not installed.
    os.environ.update(DPR_PICTURES=str(pictures), DPR_REPORT=str(out), PYTHONWARNINGS="ignore", JUPYTER_PLATFORM_DIRS="1")
    names = chosen_stages(wanted)
    begun, seconds, failed = time.perf_counter(), {}, {}
    wall = time.time()
    paths = {name: SOURCES / name / f"{name}.ipynb" for name in names} | ({} if wanted else {"clinic": NOTEBOOKS / CLINIC})
    with tqdm(total=len(paths), desc="course", unit="notebook", file=sys.stdout, ncols=100) as bar:
        for name, path in paths.items():
            start = time.perf_counter()
            error = execute(path, out, bar)
            seconds[name] = round(time.perf_counter() - start, 1)
            if error:
                failed[name] = error
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
    ask = (out / "ask.html").exists()  # the live page, made by notebooks that end in dpr_course.page.show
    write_html(nbformat.read(NOTEBOOKS / PAGE, as_version=4), out / "glossary.html")
    road = progress(NOTEBOOKS)._repr_html_()  # of whoever works in this checkout
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
    """Return the JSON that a notebook left at `path`, and delete the file; None if there is none."""
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
    """The report as one HTML page that needs no network. road: the HTML of a Progress."""
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
        road=Markup(road),  # escaped where it was made
    )
