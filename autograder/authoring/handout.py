"""Makes the files of a release that are not notebooks.

They are the helper package dpr_course, a pyproject.toml that installs it, and a README for students.
"""

import json

from autograder.authoring.build import colab_link
from autograder.authoring.project import read_pyproject
from autograder.places import ROOT

README = """\
# {name}

{description}.

## Start

You need Python 3.11 or later. In this folder:

```
python start.py
```

(On Windows, run `py start.py`; if `python` is not found, run `python3 start.py`.) This makes the environment `.venv`, which takes a few
minutes the first time, and opens the notebooks in JupyterLab. Everything runs on a laptop without a GPU. For VS Code, run
`python start.py install`, open this folder and choose `.venv` as the kernel. If something does not work, run
`!dpr-course doctor` in a cell: it reports what is wrong and what to do.

{colab}

## Work

Write your code in the cells that begin with `# exercise:`, run them, then run the check below. It says what is right and what the
likely mistake is. You may add cells; keep the lines `# exercise:`, `# check:` and `<!-- answer: ... -->`.

{carry}
Hand in the notebook with its outputs, under its own name.
"""


COLAB = """\
Or work in Colab, where you need not install anything:

{links}"""
# For the guided and the challenge tier, whose notebooks have no links to Colab: such links would open the standard notebooks.
UPLOAD = """\
Or work in Colab, where you need not install anything: on https://colab.research.google.com choose *File > Upload notebook* and
upload a notebook of this folder."""

CARRY = """\
A stage builds on the earlier ones and takes them from the file `previous.py` beside its notebook, which holds {what}.
`!dpr-course carry {last}` in a cell writes your own code into that file of stage {last}: each exercise of your earlier notebooks
that passes its check. {then}
"""
OWN = (
    "no answers\nto what you got together with it",
    "Run it before you begin a stage, with that stage's number, and again when you have solved more.",
)
GIVEN = "reference versions", "Run it, with the number of the stage that you begin, to use your own code in their place."


def package_files():
    """Return the paths of the helper package's files, as pyproject.toml declares them, relative to the repository."""
    tools = read_pyproject()["tool"]["setuptools"]
    found = []
    for package in tools["packages"]:
        folder = ROOT / package.replace(".", "/")
        for pattern in ("*.py", *tools["package-data"].get(package, ())):
            found += [p for p in folder.glob(pattern) if p.is_file() and not any(x.startswith((".", "__py")) for x in p.parts[-2:])]
    return sorted({p.relative_to(ROOT) for p in found})


def pyproject():
    """Return the text of a pyproject.toml that holds only what is needed to install and use the helper package."""
    full = read_pyproject()
    project, tools = full["project"], full["tool"]["setuptools"]
    sections = {
        "build-system": full["build-system"],
        "project": {k: project[k] for k in ("name", "description", "requires-python", "license", "dynamic", "dependencies")},
        "project.optional-dependencies": {"demo": project["optional-dependencies"]["demo"]},
        "project.scripts": project["scripts"],
        "project.urls": project["urls"],
        "tool.setuptools": {"packages": tools["packages"]},
        "tool.setuptools.dynamic.version": tools["dynamic"]["version"],
        "tool.setuptools.package-data": tools["package-data"],
    }
    lines = []
    for section, values in sections.items():
        lines += [
            f"[{section}]",
            *(
                f"{k if k.replace('-', '').isalnum() else json.dumps(k)} = {json.dumps(v, ensure_ascii=False)}"
                for k, v in values.items()
            ),
            "",
        ]
    return "\n".join(lines)


def student_readme(stages, with_previous, tier="standard"):
    """Return the text of the README of a release, in Markdown.

    stages: names of the released stages; with_previous, tier: the same as in `release.make_release`.
    """
    project = read_pyproject()["project"]
    links = "\n".join(f"- {name}: {colab_link(name)}" for name in stages)
    what, then = GIVEN if with_previous or len(stages) == 1 else OWN
    carry = CARRY.format(what=what, then=then, last=stages[-1][:2])
    colab = COLAB.format(links=links) if tier == "standard" else UPLOAD
    return README.format(name=project["name"], description=project["description"], colab=colab, carry=carry)
