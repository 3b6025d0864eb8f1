"""An answer that was pasted over its whole cell has lost the first line, "# exercise: NAME".

`progress` and `carry` still find it, by the name of its function.
"""

import json
import shutil

import pytest

from autograder.places import ROOT
from dpr_course.carry import carry
from dpr_course.progress import progress

STAGE, TOPK = "03_recall_at_k", "# exercise: get_topk_candidates\n"
UNMARKED = (
    "def get_topk_candidates(X, Y, samples, passages, k):\n"
    "    S = X @ Y.T\n    values, places = torch.topk(S, min(k, len(passages)), dim=1)\n"
    "    return make_candidates(samples, passages, places, values)\n"
)
WRONG = "def get_topk_candidates(*_):\n    return 1 / 0\n"


@pytest.fixture
def folder(tmp_path):
    for stage in (STAGE, "04_in_batch_loss"):
        shutil.copytree(ROOT / "notebooks" / stage, tmp_path / "notebooks" / stage, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "notebooks"


def state(folder):
    return next(o.state for o in progress(folder).outcomes if o.check.exercise == "get_topk_candidates")


def write(folder, answer, first=None, last=None):
    """Replace the exercise's cell by `answer`. first, last: text of a cell to put before, or after, all other cells."""
    path = folder / STAGE / f"{STAGE}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if "".join(cell["source"]).startswith(TOPK):
            cell["source"] = answer
    made = lambda source: [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []}] if source else []  # noqa: E731
    notebook["cells"] = made(first) + notebook["cells"] + made(last)
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.parametrize(
    "answer, others, told",
    [
        (UNMARKED, {}, "solved"),
        ("# my answer\n" + UNMARKED, {}, "solved"),
        (UNMARKED, {"last": WRONG}, "solved"),  # the check is above this cell, so it never tested this answer
        (UNMARKED, {"first": WRONG}, "solved"),
        (WRONG, {"first": UNMARKED}, "wrong"),
        ("print('no answer')\n", {}, "open"),
        ("def get_topk_candidates(:\n", {}, "open"),
        (TOPK + WRONG, {"first": UNMARKED}, "wrong"),  # a marked cell counts before an unmarked one
    ],
)
def test_an_answer_whose_mark_was_lost_is_found_by_its_name(answer, others, told, folder):
    write(folder, answer, **others)
    assert state(folder) == told
    assert carry("04", folder).get("get_topk_candidates", False) is (told == "solved")
