"""Build both notebooks of every stage from its source: `python -m autograder build`.

    solutions/NN_name.py -> solutions/NN_name/NN_name.ipynb + previous.py   (reference)
                         -> notebooks/NN_name/NN_name.ipynb + previous.py   (student, through nbgrader)

The result depends on the sources alone: built again, it is the same to the byte.
"""

import re
import shutil
import tempfile
from pathlib import Path

import nbformat

from autograder.authoring.project import repository
from autograder.nbgrader_settings import nbgrader_settings
from autograder.places import NOTEBOOKS, SOURCES
from autograder.stages.source import previous_source, read_stage, stage_names
from dpr_course.checks import CHECKS
from dpr_course.stages import marked
from dpr_course.start import version_tag

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}

SETUP = """\
# Set-up: in Colab this installs the course package and moves nothing else; elsewhere it only checks.
try:
    import dpr_course
except ImportError:
    %pip install -q --no-deps "dpr-course @ git+{repository}@{tag}"
from dpr_course.start import start

start("{stage}", repository="{repository}", tag="{tag}")"""


def colab_address(stage):
    """Where Colab opens the student's notebook of `stage`, as this version's release has it."""
    path = repository().removeprefix("https://github.com/")
    return f"https://colab.research.google.com/github/{path}/blob/{version_tag()}/notebooks/{stage}/{stage}.ipynb"


def colab_link(stage):
    return f"[Open in Colab]({colab_address(stage)})"


def colab_badge(stage):
    """The button that people look for. Without a network its words are shown in place of the picture."""
    return f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({colab_address(stage)})"


def next_stage(name):
    """The last line of a notebook: where it goes on. Colab does not follow links to files, so it has one of its own."""
    later = [n for n in stage_names() if n > name]
    if not later:
        return "**This was the last stage.** `dpr-course --help` shows what you have built as commands."
    title = read_stage(later[0]).title
    return f"**Next:** [{title}](../{later[0]}/{later[0]}.ipynb) ([in Colab]({colab_address(later[0])}))"


def grading(cell_id, *, grade, solution, locked, points=None):
    """nbgrader's metadata of one cell."""
    data = {"grade": grade, "grade_id": cell_id, "locked": locked, "schema_version": 3, "solution": solution, "task": False}
    return {"nbgrader": {**data, "points": points} if grade else data}


def make_cell(cell, cell_id):
    """One notebook cell with a lasting id and nbgrader's metadata."""
    m = cell.metadata
    if cell.kind == "markdown":
        made = nbformat.v4.new_markdown_cell(cell.source)
    else:
        made = nbformat.v4.new_code_cell(cell.source)
    if "exercise" in m:
        cell_id = m["exercise"]
        # The marker lets a damaged notebook be put in order again from its text alone.
        made.source = marked("exercise", cell_id, cell.source)
        made.metadata = grading(cell_id, grade=False, solution=True, locked=False)
    elif "check" in m:
        cell_id = f"check_{m['check']}"
        made.source = marked("check", m["check"], cell.source)
        made.metadata = grading(cell_id, grade=True, solution=False, locked=True, points=CHECKS[m["check"]].points)
    elif "written" in m:
        cell_id = m["written"]
        made.source = marked("written", cell_id, cell.source)  # a comment: it does not show when the cell is rendered
        made.metadata = grading(cell_id, grade=True, solution=True, locked=False, points=m["points"])
    made.id = re.sub(r"[^A-Za-z0-9_-]", "-", cell_id)[:64]
    return made


def reference_notebook(stage):
    """The reference notebook of a stage, as nbformat."""
    cells = [make_cell(c, f"{stage.name}-{i:03d}") for i, c in enumerate(stage.cells, 1)]
    cells[0].source += "\n\n" + colab_badge(stage.name)
    cells[-1].source += "\n\n" + next_stage(stage.name)
    setup = nbformat.v4.new_code_cell(SETUP.format(repository=repository(), tag=version_tag(), stage=stage.name), id="setup")
    notebook = nbformat.v4.new_notebook(cells=[cells[0], setup, *cells[1:]], metadata=KERNEL)
    nbformat.validate(notebook)
    return notebook


def write_reference(stage, root):
    """solutions/NN_name/: reference notebook and previous.py."""
    folder = root / stage.name
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(reference_notebook(stage), folder / f"{stage.name}.ipynb")
    previous = previous_source(stage.name)
    if previous:
        (folder / "previous.py").write_text(previous, encoding="utf-8")


def generate(names, source, scratch, db_url=None):
    """nbgrader's generate_assignment, from a copy of `source` into `scratch`/notebooks.

    db_url: the gradebook that records the assignments; by default one that goes with `scratch`.
    """
    config = nbgrader_settings()
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    config.CourseDirectory.root = str(scratch)
    config.CourseDirectory.db_url = db_url or f"sqlite:///{scratch}/gradebook.db"
    config.Application.log_level = "ERROR"
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.py[co]")
    shutil.copytree(source, Path(scratch) / "solutions", ignore=ignored)
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    for name in names:
        result = api.generate_assignment(name, force=True, create=True)
        if not result["success"]:
            raise SystemExit(f"nbgrader could not make the student version of {name}:\n{result.get('error') or result.get('log')}")


def release(names, source, target):
    """The student version of each stage, written to `target`; the gradebook of the making is thrown away."""
    with tempfile.TemporaryDirectory() as scratch:
        generate(names, source, scratch)
        for name in names:
            shutil.rmtree(target / name, ignore_errors=True)
            shutil.copytree(Path(scratch) / "notebooks" / name, target / name)


def build(solutions=SOURCES, notebooks=NOTEBOOKS):
    """Build every stage. The arguments are where to write, for the test that rebuilds and compares."""
    names = stage_names()
    for name in names:
        write_reference(read_stage(name), Path(solutions))
    release(names, Path(solutions), Path(notebooks))
    return names
