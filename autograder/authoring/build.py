"""Builds two notebooks of every stage, the reference and the student's, from the stage's source: `python -m autograder build`.

    solutions/NN_name.py -> solutions/NN_name/NN_name.ipynb + previous.py   (reference)
                         -> notebooks/NN_name/NN_name.ipynb + previous.py   (the student's, made by nbgrader)
    solutions/glossary.py -> notebooks/glossary.ipynb, and links to it from all of these notebooks
    solutions/clinic.py -> notebooks/clinic.ipynb

A notebook imports the definitions of earlier stages from its previous.py. The result depends on the sources only: a second
build gives the same bytes.
"""

import re
import shutil
import tempfile
from pathlib import Path

import nbformat

from autograder.authoring.clinic import CLINIC, read_clinic
from autograder.authoring.glossary import PAGE, linked, read_glossary
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

PROGRESS = """\
# Your progress: your exercises of all stages are checked now. `dpr-course progress` prints the same in a terminal.
from dpr_course.progress import show

show("{stage}")"""


def colab_address(stage):
    """Return the URL that opens the student notebook of `stage` in Colab. The notebook is the one at this version's git tag."""
    path = repository().removeprefix("https://github.com/")
    return f"https://colab.research.google.com/github/{path}/blob/{version_tag()}/notebooks/{stage}/{stage}.ipynb"


def colab_link(stage):
    return f"[Open in Colab]({colab_address(stage)})"


def colab_badge(stage):
    """Return Markdown for the usual "Open in Colab" badge, a picture that links to the student notebook of `stage`.

    Without a network, the text "Open in Colab" is shown in place of the picture.
    """
    return f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({colab_address(stage)})"


def next_stage(name):
    """Return the Markdown line that ends a stage's notebook: two links to the next stage's notebook, one to the file, one to Colab.

    Colab needs its own link because it does not follow links to files. For the last stage, the line says that it was the last.
    """
    later = [n for n in stage_names() if n > name]
    if not later:
        return "**This was the last stage.** `dpr-course --help` shows what you have built as commands."
    title = read_stage(later[0]).title
    return f"**Next:** [{title}](../{later[0]}/{later[0]}.ipynb) ([in Colab]({colab_address(later[0])}))"


def grading(cell_id, *, grade, solution, locked, points=None):
    """Return the metadata by which nbgrader recognises one cell.

    grade: whether the cell earns points; solution: whether students write in the cell; locked: whether nbgrader restores the
    cell if a student changes it; points: maximum points of the cell, if it earns points.
    """
    data = {"grade": grade, "grade_id": cell_id, "locked": locked, "schema_version": 3, "solution": solution, "task": False}
    return {"nbgrader": {**data, "points": points} if grade else data}


def make_cell(cell, cell_id):
    """Return `cell`, a Cell of a stage's source, as an nbformat cell with nbgrader's metadata and the same id in every build.

    The id is made from the id of the exercise, check or written answer in the cell. If there is none, it is `cell_id`.
    """
    m = cell.metadata
    if cell.kind == "markdown":
        made = nbformat.v4.new_markdown_cell(cell.source)
    else:
        made = nbformat.v4.new_code_cell(cell.source)
    if "exercise" in m:
        cell_id = m["exercise"]
        # `marked` adds a first line by which a damaged notebook can be repaired from its text alone.
        made.source = marked("exercise", cell_id, cell.source)
        made.metadata = grading(cell_id, grade=False, solution=True, locked=False)
    elif "check" in m:
        cell_id = f"check_{m['check']}"
        made.source = marked("check", m["check"], cell.source)
        made.metadata = grading(cell_id, grade=True, solution=False, locked=True, points=CHECKS[m["check"]].points)
    elif "written" in m:
        cell_id = m["written"]
        made.source = marked("written", cell_id, cell.source)  # an HTML comment is invisible in the rendered cell
        made.metadata = grading(cell_id, grade=True, solution=True, locked=False, points=m["points"])
    made.id = re.sub(r"[^A-Za-z0-9_-]", "-", cell_id)[:64]
    return made


def reference_notebook(stage):
    """Return the reference notebook of `stage`, a Stage, as an nbformat notebook. It contains the answers."""
    cells = [make_cell(c, f"{stage.name}-{i:03d}") for i, c in enumerate(stage.cells, 1)]
    for i, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            cell.source = linked(stage.name, i, cell.source)
    cells[0].source += "\n\n" + colab_badge(stage.name)
    cells[-1].source += "\n\n" + next_stage(stage.name)
    setup = nbformat.v4.new_code_cell(SETUP.format(repository=repository(), tag=version_tag(), stage=stage.name), id="setup")
    progress = nbformat.v4.new_code_cell(PROGRESS.format(stage=stage.name), id="progress")
    notebook = nbformat.v4.new_notebook(cells=[cells[0], setup, *cells[1:], progress], metadata=KERNEL)
    nbformat.validate(notebook)
    return notebook


def write_reference(stage, root):
    """Write the reference notebook of a Stage, and its previous.py if there is one, to the folder `root`/NN_name/."""
    folder = root / stage.name
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(reference_notebook(stage), folder / f"{stage.name}.ipynb")
    previous = previous_source(stage.name)
    if previous:
        (folder / "previous.py").write_text(previous, encoding="utf-8")


def generate(names, source, scratch, db_url=None):
    """Have nbgrader make the student notebooks of the stages `names` in `scratch`/notebooks. Return nbgrader's API object.

    source   folder with the reference notebooks
    scratch  working folder, into which the reference notebooks are copied
    db_url   URL of the gradebook in which nbgrader records the stages, by default that of a new gradebook in `scratch`

    Raises SystemExit if nbgrader fails.
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
    return api


def release(names, source, target):
    """Write the student notebook and previous.py of each stage in `names` to `target`/NN_name/, in place of old versions.

    source: folder with the reference notebooks. The gradebook that nbgrader makes in the process is deleted.
    """
    with tempfile.TemporaryDirectory() as scratch:
        generate(names, source, scratch)
        for name in names:
            shutil.rmtree(target / name, ignore_errors=True)
            shutil.copytree(Path(scratch) / "notebooks" / name, target / name)


def build(solutions=SOURCES, notebooks=NOTEBOOKS):
    """Build the notebooks of every stage, the glossary and the clinic. Return the names of the stages.

    solutions: folder to which the reference notebooks are written; notebooks: folder for the student notebooks.
    """
    names = stage_names()
    for name in names:
        write_reference(read_stage(name), Path(solutions))
    release(names, Path(solutions), Path(notebooks))
    glossary = read_glossary()
    nbformat.write(nbformat.v4.new_notebook(cells=glossary.cells, metadata=KERNEL), Path(notebooks) / PAGE)
    clinic = read_clinic(SETUP.format(repository=repository(), tag=version_tag(), stage="00_clinic"))
    nbformat.write(nbformat.v4.new_notebook(cells=clinic.cells, metadata=KERNEL), Path(notebooks) / CLINIC)
    return names
