"""What pyproject.toml says about the course, and the tag that a version has in the repository.

The repository's address and the tag are stamped together into every notebook (`make notebooks`): a student's set-up cell
installs the package of that tag and fetches `previous.py` from it, and every Colab link opens that tag's notebook. So what
a class was given stays what it was, whatever the main branch holds by then. Two lines decide: `Repository` in
pyproject.toml, the one line that a fork edits, and `__version__` in dpr_course/__init__.py.
"""

import os
import subprocess
import tomllib

from autograder.places import PYPROJECT, ROOT
from dpr_course.start import version_tag

PATIENCE = 10  # seconds for git's answer, from the network too


def read_pyproject(path=PYPROJECT):
    """The content of pyproject.toml as a dictionary."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def repository():
    """The repository's address: `Repository` under [project.urls] in pyproject.toml."""
    return read_pyproject()["project"]["urls"]["Repository"]


def why_not_in_colab(root=ROOT):
    """One sentence on why a release of this version would not work in Colab, with what to do; "" if the repository has its tag.

    root: folder of the course. The repository itself is asked. Where it does not answer, as without a network, the tags of
    this folder count. A tag that holds another package or other notebooks than this folder is no tag of this release.
    """
    address, tag = repository(), version_tag()
    there, here = _git(root, "ls-remote", "--tags", address, f"refs/tags/{tag}"), _git(root, "tag", "--list", tag)
    if there is None and here is None:
        return (
            f"whether {address} has the tag {tag} could not be checked: it does not answer, and this folder has no git of its own"
        )
    if not (here if there is None else there):
        make = "" if here else f"git tag {tag} && "
        return f"Colab installs the tag {tag} of {address}, which is not there: run `{make}git push --tags`"
    if here and _git(root, "diff", "--stat", tag, "--", "dpr_course", "notebooks"):
        return (
            f"Colab installs the tag {tag}, and dpr_course or notebooks have changed since it was made: commit, raise "
            "__version__ in dpr_course/__init__.py, run `make notebooks`, and tag that"
        )
    return ""


def _git(root, *arguments):
    """What git prints; None if it fails, is not installed, or takes too long. It never asks for a password."""
    quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "GIT_CEILING_DIRECTORIES": str(root.parent)}
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout.strip()
