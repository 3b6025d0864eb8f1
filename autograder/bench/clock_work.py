"""Does one piece of work that `autograder.bench.clock` measures: `python clock_work.py WORK SEED`.

The program uses the build of the course that Python imports, today's or the earlier one. The last line of its output is a JSON
object with what was measured.
"""

import contextlib
import importlib.util
import io
import json
import os
import sys
import tempfile
import time
from pathlib import Path


def is_earlier():
    """Return whether the build that Python imports is the earlier one, in which `autograder.bench` is a file, not a package."""
    return not importlib.util.find_spec("autograder.bench").submodule_search_locations


def module(today, earlier, package="autograder"):
    """Import and return a module of `package`. Its name is `today` in today's build and `earlier` in the earlier build."""
    return importlib.import_module(f"{package}.{earlier if is_earlier() else today}")


def training(seed):
    """Train and evaluate by the build's fastest recipe: today's is `bench.fastest`, the earlier one's is stage 04. See `trained`."""
    if not is_earlier():
        from autograder.bench import fastest

        return trained(fastest.fitted, seed)
    return stage_04(seed)


def stage_04(seed):
    """Train and evaluate the model of stage 04. See `trained`."""
    return trained(lambda recipes, seed: recipes.fitted(recipes.fit, seed), seed)


def trained(fitted, seed):
    """Train and evaluate a model. Return {"seconds": processor time, summed over all threads, "recall": R@1 in percent}.

    `fitted(recipes, seed)` returns the trained model; `recipes` is an `authoring.bands.Recipes`. The time includes loading the
    encoder from disk, training and evaluation.
    """
    recipes = module("authoring.bands", "bands").Recipes()
    recipes.ref["make_dual_encoder"]()  # makes transformers import all that it needs before the measurement begins
    begun = time.process_time()
    model = fitted(recipes, seed)
    recall = recipes.recall(model, recipes.val, recipes.passages, 1)
    return {"seconds": time.process_time() - begun, "recall": recall}


def first_cell(_):
    """Do what the first cells of a notebook do: import the package, check the environment, load the data, load the tokenizer.

    Returns the wall-clock seconds as {"seconds": with the tokenizer, "without_tokenizer": without it}.
    """
    begun = time.perf_counter()
    from dpr_course.start import start

    os.chdir(Path("notebooks", "04_in_batch_loss"))
    with contextlib.redirect_stdout(io.StringIO()):
        start("04_in_batch_loss", repository="https://github.com/dpr-course/dpr-course")
    from dpr_course.track import get_track

    get_track().load_data()
    without_tokenizer = time.perf_counter() - begun
    get_track().load_tokenizer()
    return {"seconds": time.perf_counter() - begun, "without_tokenizer": without_tokenizer}


def kernel_memory(_):
    """Run the code cells of stage 05's reference notebook. Returns {"mb": peak memory of the process in MB}."""
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell

    notebook = Path("solutions", "05_hard_negatives", "05_hard_negatives.ipynb").resolve()
    os.chdir(notebook.parent)
    shell = InteractiveShell.instance()
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()):
                shell.run_cell(cell.source).raise_error()
    return {"mb": module("pipeline.peak", "programs", "dpr_course").peak_memory()}


def grading(_):
    """Grade 200 made-up submissions of stage 04 with an empty cache.

    Returns {"seconds": wall-clock seconds, "mb": peak memory of the grader's own process in MB}.
    """
    bench, make_class = module("bench.grading", "bench_grading"), module("bench.classroom", "classroom").make_class
    with tempfile.TemporaryDirectory() as folder:
        submissions = Path(folder) / "class"
        make_class(submissions, [bench.STAGE], 200, keep=bench.spared(bench.STAGE))
        done = bench.measured("ours", submissions)
    return {"seconds": done["total"], "mb": done["parent_mb"]}


if __name__ == "__main__":
    work, seed = sys.argv[1], int(sys.argv[2])
    found = {
        "training": training,
        "stage_04": stage_04,
        "first_cell": first_cell,
        "kernel_memory": kernel_memory,
        "grading": grading,
    }[work](seed)
    print(json.dumps(found))
