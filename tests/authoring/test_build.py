"""The notebooks: the committed files are what the sources build, and a student's folder holds no answer of its stage."""

import ast
import json
import re
import statistics
import sys
import time
import types

import pytest

from autograder.authoring.build import build, colab_badge, make_cell, repository
from autograder.authoring.glossary import PAGE
from autograder.places import ROOT
from autograder.stages.source import SourceError, previous_source, read_stage, stage_names
from dpr_course.checks import CHECKS
from dpr_course.start import version_tag

STAGES = stage_names()


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def student(stage):
    return ROOT / "notebooks" / stage / f"{stage}.ipynb"


def reference(stage):
    return ROOT / "solutions" / stage / f"{stage}.ipynb"


def text_of(cell):
    return "".join(cell["source"])


def test_built_again_it_is_the_same_to_the_byte(tmp_path):
    build(tmp_path / "solutions", tmp_path / "notebooks")
    for kind in ("solutions", "notebooks"):
        for stage in STAGES:
            made = {p.name: p.read_bytes() for p in (tmp_path / kind / stage).iterdir() if p.is_file()}
            kept = {
                p.name: p.read_bytes() for p in (ROOT / kind / stage).iterdir() if p.is_file() and p.suffix in (".ipynb", ".py")
            }
            kept.pop("previous.reference.py", None)
            assert made == kept, f"{kind}/{stage} is not what its source builds: run `make notebooks`"
    assert (tmp_path / "notebooks" / PAGE).read_bytes() == (ROOT / "notebooks" / PAGE).read_bytes()


@pytest.mark.parametrize("stage", STAGES)
def test_no_outputs_and_no_widget_state(stage):
    for path in (student(stage), reference(stage)):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        assert "widgets" not in notebook["metadata"]
        for c in notebook["cells"]:
            if c["cell_type"] == "code":
                assert c["outputs"] == [] and c["execution_count"] is None


def solution_lines(stage):
    """Return the stripped lines between the solution markers of a stage, except those of up to 24 characters.

    Such short lines may occur anywhere.
    """
    lines = set()
    for c in read_stage(stage).cells:
        for block in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", c.source, re.DOTALL):
            lines |= {line.strip() for line in block.splitlines() if len(line.strip()) > 24}
    return lines


@pytest.mark.parametrize("stage", [s for s in STAGES if s > "01"])
def test_no_answer_of_a_stage_is_in_its_student_folder(stage):
    answers = solution_lines(stage)
    assert answers
    for path in (ROOT / "notebooks" / stage).iterdir():
        text = path.read_text(encoding="utf-8")
        given = previous_source(stage) or ""
        for line in answers:
            assert json.dumps(line)[1:-1] not in text or line in given, f"{path}: {line}"
        assert "BEGIN SOLUTION" not in text and "Mark scheme" not in text


@pytest.mark.parametrize("stage", STAGES)
def test_previous_holds_earlier_stages_only(stage):
    path = ROOT / "notebooks" / stage / "previous.py"
    if not path.exists():
        assert stage < "02"
        return
    names = {n.name for n in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    own = {n for c in read_stage(stage).cells if "exercise" in c.metadata for n in CHECKS[c.metadata["exercise"]].names}
    earlier = {
        n
        for s in STAGES
        if s < stage
        for c in read_stage(s).cells
        if "exercise" in c.metadata
        for n in CHECKS[c.metadata["exercise"]].names
    }
    assert earlier <= names and not own & names


@pytest.mark.parametrize("stage", STAGES)
def test_cells_can_be_graded_and_found_again(stage):
    found = cells(student(stage))
    ids = [c["id"] for c in found]
    assert len(set(ids)) == len(ids)
    for c in found:
        m = c["metadata"].get("nbgrader")
        if m and m["grade"] and c["cell_type"] == "code":
            exercise = text_of(c).splitlines()[0].removeprefix("# check: ")
            assert m["points"] == CHECKS[exercise].points and m["locked"]
            assert any(text_of(o).startswith(f"# exercise: {exercise}\n") for o in found)


@pytest.mark.parametrize("stage", STAGES)
def test_stages_keep_the_rhythm(stage):
    """Every stage has short prose, a box with points and hints above each exercise, a setting to change, and a question."""
    source = read_stage(stage)
    prose = [c.source for c in source.cells if c.kind == "markdown" and "written" not in c.metadata]
    assert statistics.median(len(p.split()) for p in prose) <= 45
    assert source.cells[0].source.startswith(f"# {stage[:2]} · ")
    assert len(source.cells[0].source.split()) <= 70
    assert "print_toy()" in "".join(c.source for c in source.cells) or stage == "06_experiments"
    for i, c in enumerate(source.cells):
        if "exercise" in c.metadata:
            box = next(p.source for p in reversed(source.cells[:i]) if p.kind == "markdown")
            check = CHECKS[c.metadata["exercise"]]
            assert f"Exercise {check.number}" in box and "<details><summary>Hint 2" in box
            points = re.search(r"\| (\d+) \|\n", box)
            assert points and int(points[1]) == check.points, f"{check.number}: the box says other points than the check"
    if stage > "01":
        assert "🎛" in "".join(prose)
        [question] = [p for p in prose if p.startswith("## One question")]
        assert re.search(r"<details><summary>An answer</summary>.{80,}</details>", question, re.DOTALL), "no folded answer"


@pytest.mark.parametrize("stage", STAGES)
def test_papers_can_be_clicked(stage):
    for c in read_stage(stage).cells:
        if c.kind == "markdown" and "written" not in c.metadata:
            linked = re.sub(r"\[[^\]]*\]\([^)]*\)|<a href=.*?</a>", "", c.source, flags=re.DOTALL)
            assert not re.findall(r"[A-Z][\w-]+ (?:et al\.|and [A-Z][\w-]+)\s(?:19|20)\d\d", linked), "a paper without its link"


def test_each_stage_leads_to_the_next():
    for stage, later in zip(STAGES, [*STAGES[1:], None]):
        *_, last, progress = map(text_of, cells(student(stage)))
        assert f'show("{stage}")' in progress
        assert (
            f"](../{later}/{later}.ipynb)" in last and f"/blob/{version_tag()}/notebooks/{later}/" in last
            if later
            else "last stage" in last
        )


def test_no_exercise_needs_a_slow_cell(monkeypatch, tmp_path):
    """Each stage runs without its slow cells, and quickly. The grader leaves slow cells out too when it runs an exercise."""
    monkeypatch.setenv("DPR_PICTURES", str(tmp_path))
    for stage in STAGES:
        previous = types.ModuleType("previous")
        exec(previous_source(stage) or "", previous.__dict__)
        monkeypatch.setitem(sys.modules, "previous", previous)
        namespace, begun = {"__name__": stage}, time.process_time()
        for c in read_stage(stage).cells:
            if c.kind == "code" and not c.metadata.get("slow") and "check" not in c.metadata:
                exec(compile(c.source, stage, "exec"), namespace)
        assert time.process_time() - begun < 25, f"{stage}: a cell that takes more than 2 s is not marked slow=true"


@pytest.mark.parametrize("stage", STAGES)
def test_every_picture_has_alt_text(stage):
    for c in read_stage(stage).cells:
        assert not re.search(r"!\[\]\(", c.source), "a picture without alt text"
        assert "plt.show" not in c.source, "pictures go through dpr_course.plots, which gives them alt text"


def test_links_come_from_the_one_setting():
    address = repository().removeprefix("https://github.com/")
    for stage in STAGES:
        assert f"colab.research.google.com/github/{address}/blob/{version_tag()}/notebooks/{stage}/" in colab_badge(stage)
        assert colab_badge(stage) in text_of(cells(student(stage))[0])


@pytest.mark.parametrize(
    "source, words",
    [
        ('# %% exercise="x"\ndef f():\n    pass\n', "BEGIN and END"),
        ("# %%\n### BEGIN SOLUTION\n1\n### END SOLUTION\n", "exercise cells and only there"),
        ('# %% exercise="x"\n### BEGIN SOLUTION\n1\n### END SOLUTION\n', "followed by their checks"),
        ('# %% colour="red"\n1\n', "unknown key colour"),
        ("# %%\n" + "x = 1\n" * 26, "more than 25 lines"),
    ],
)
def test_a_source_that_breaks_a_rule_is_named(source, words, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.stages.source.SOURCES", tmp_path)
    (tmp_path / "99_x.py").write_text(source)
    with pytest.raises(SourceError, match="99_x.py") as e:
        read_stage("99_x")
    assert words in str(e.value)


def test_markers_stand_in_the_source_itself():
    """The first line of a cell names its exercise or check, so that the grader can read a notebook that has lost all metadata."""
    for stage in STAGES:
        for c in read_stage(stage).cells:
            for kind in ("exercise", "check"):
                if kind in c.metadata:
                    assert make_cell(c, "x").source.startswith(f"# {kind}: {c.metadata[kind]}\n")


def test_a_comment_that_begins_like_a_command_stays_one(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.stages.source.SOURCES", tmp_path)
    (tmp_path / "98_x.py").write_text("# %% [markdown]\n# # X\n\n# %%\n# copy the weights\n# cat, then dog\nx = 1\n")
    assert read_stage("98_x").cells[-1].source == "# copy the weights\n# cat, then dog\nx = 1"
