"""While a student's answer is judged, it can read no file with answers and start no program. It can read its own files."""

import linecache
import runpy
import sys

import pytest
from student_folder import RIGHT_TOPK, TOPK, make_folder, write

from autograder.places import BANK, ROOT
from autograder.stages.source import previous_source
from dpr_course.checks import CHECKS
from dpr_course.own_code import judged
from dpr_course.progress import progress


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path)


HEAD = TOPK + "def get_topk_candidates(X, Y, samples, passages, k):\n"
CHEATS = {
    "the package's own search": HEAD + "    from dpr_course.pipeline.search import search\n    values, places = search(X.numpy(), Y.numpy(), k)\n    return make_candidates(samples, passages, places, values)\n",
    "previous.py of a later stage": HEAD + "    import sys\n    sys.path.insert(0, '../04_in_batch_loss')\n    sys.modules.pop('previous', None)\n    from previous import get_topk_candidates as theirs\n    return theirs(X, Y, samples, passages, k)\n",
    "the file of a later stage": HEAD + "    names = {}\n    exec(open('../04_in_batch_loss/previous.py').read(), names)\n    return names['get_topk_candidates'](X, Y, samples, passages, k)\n",
    "the solution": HEAD + f"    text = open({str(ROOT / 'solutions/03_recall_at_k.py')!r}).read()\n    text = text.split('### BEGIN SOLUTION')[1].split('### END')[0]\n    names = {{}}\n    exec('def f(X, Y, samples, passages, k):\\n' + text, globals(), names)\n    return names['f'](X, Y, samples, passages, k)\n",
    "the bank of known answers": HEAD + f"    body = open({str(next((ROOT / 'autograder/bank/get_topk_candidates').glob('right_*.py')))!r}).read()\n    names = {{}}\n    exec(body, globals(), names)\n    return names['get_topk_candidates'](X, Y, samples, passages, k)\n",
    "the solution, from its own folder": HEAD + f"    import os\n    os.chdir({str(ROOT / 'solutions')!r})\n    open('03_recall_at_k.py').read()\n    return make_candidates(samples, passages, *torch.topk(X @ Y.T, min(k, len(passages)))[::-1])\n",
    "the clinic": HEAD + f"    open({str(ROOT / 'solutions/clinic.py')!r}).read()\n    return make_candidates(samples, passages, *torch.topk(X @ Y.T, min(k, len(passages)))[::-1])\n",
    "the expected values": HEAD + "    from dpr_course.checks import expected\n    import json, pathlib\n    known = json.loads(pathlib.Path(expected.__file__).with_name('expected.json').read_text())\n    return known\n",
    "the expected values from memory": HEAD + "    from dpr_course.checks.expected import _file\n    return _file()['exercises']\n",
    "read while it is defined": TOPK + "import pathlib, dpr_course\nTEXT = (pathlib.Path(dpr_course.__file__).parent / 'checks/expected.json').read_text()\ndef get_topk_candidates(X, Y, samples, passages, k):\n    return make_candidates(samples, passages, *torch.topk(X @ Y.T, min(k, len(passages)))[::-1]) if TEXT else None\n",
    "a program reads": HEAD + "    import subprocess\n    subprocess.run(['true'])\n    return make_candidates(samples, passages, *torch.topk(X @ Y.T, min(k, len(passages)))[::-1])\n",
    "nothing at all, so that the reference's stays": TOPK + "answered = True\n",
    "an exit": HEAD + "    raise SystemExit(0)\n",
}  # fmt: skip


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_does_not_count(cheat, folder, monkeypatch):
    monkeypatch.chdir(folder / "03_recall_at_k")
    monkeypatch.setattr(sys, "path", list(sys.path))
    write(folder, [CHEATS[cheat]])
    found = progress(folder)
    sys.modules.pop("previous", None)
    assert found.solved == [] and found.points < CHECKS["get_topk_candidates"].points


def test_an_honest_answer_may_open_files_of_its_own(folder, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    write(folder, [RIGHT_TOPK.replace("    S =", f"    open({str(tmp_path / 'notes.txt')!r}).read()\n    S =")])
    assert progress(folder).solved == ["get_topk_candidates"]


@pytest.mark.parametrize("name", ["solutions", "autograder"])
def test_the_course_may_lie_in_a_folder_of_any_name(name, tmp_path):
    """Answers can be judged if the course lies in a folder of any name, even one in which an answer may read no file.

    The difficulty is `torch.manual_seed`, which reads the source file of every function on the stack.
    """
    path = tmp_path / name / "caller.py"
    path.parent.mkdir()
    path.write_text("def call(function, *arguments):\n    return function(*arguments)\n")
    caller = runpy.run_path(str(path))
    check, previous = CHECKS["make_dual_encoder"], previous_source("99_next")
    code = (BANK / "make_dual_encoder" / "right_if_else.py").read_text(encoding="utf-8")
    linecache.clearcache()
    verdict = caller["call"](judged, check, previous, code)
    assert verdict.passed, verdict.tests[0].message
