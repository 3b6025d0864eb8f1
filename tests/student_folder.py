"""Helpers that make a student's folder with stages 03 and 04, and write answers into its notebooks. Also an answer to 3.1."""

import json
import shutil

from autograder.places import ROOT

QUICK = ("03_recall_at_k", "04_in_batch_loss")
TOPK = "# exercise: get_topk_candidates\n"
ACCURACY = "# exercise: topk_retrieval_accuracy\n"
RIGHT_TOPK = TOPK + (
    "def get_topk_candidates(X, Y, samples, passages, k):\n"
    "    S = X @ Y.T\n    values, places = torch.topk(S, min(k, len(passages)), dim=1)\n"
    "    return make_candidates(samples, passages, places, values)\n"
)


def make_folder(tmp_path):
    """Return a new student's folder with two stages, in which nothing is solved."""
    for stage in QUICK:
        shutil.copytree(ROOT / "notebooks" / stage, tmp_path / "notebooks" / stage, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "notebooks"


def path_of(folder, stage="03_recall_at_k"):
    return folder / stage / f"{stage}.ipynb"


def write(folder, sources, stage="03_recall_at_k", change=None):
    """Replace each cell whose first line is that of one of the `sources` by this source.

    change: None, or a function that gets the notebook (a dict) and changes it.
    """
    notebook = json.loads(path_of(folder, stage).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for source in sources:
            if "".join(cell["source"]).split("\n")[0] == source.split("\n")[0]:
                cell["source"] = source
    if change:
        change(notebook)
    path_of(folder, stage).write_text(json.dumps(notebook), encoding="utf-8")
