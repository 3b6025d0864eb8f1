"""Reads the course's settings in pyproject.toml, and checks that the repository has the git tag of this version.

The repository's address and the tag are written into every notebook (`make notebooks`). In Colab, the notebook's set-up cell
installs the course package from that tag and downloads `previous.py`, the definitions of earlier stages, from there. Every Colab
link opens the notebook as it is at that tag. A class therefore keeps the same course, even if the main branch changes.

Two lines set these values: `Repository` in pyproject.toml, the only line that a fork edits, and `__version__` in
dpr_course/__init__.py.
"""

import os
import subprocess
import tomllib

from autograder.places import PYPROJECT, ROOT
from dpr_course.start import version_tag

PATIENCE = 10  # maximum seconds to wait for a git command, which may use the network


def read_pyproject(path=PYPROJECT):
    """Return the content of pyproject.toml as a dictionary."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def repository():
    """Return the URL of the course's repository: `Repository` under [project.urls] in pyproject.toml."""
    return read_pyproject()["project"]["urls"]["Repository"]


def why_not_in_colab(root=ROOT):
    """Return a sentence that says why a release of this version would not work in Colab and what to do, or "" if it would work.

    It works if two conditions hold. First, the repository has the git tag of this version. If the repository does not answer,
    for example because there is no network, the tags in the folder `root` (the course on this computer) are checked instead.
    Second, the package and the notebooks in `root` are the same as at the tag; this is checked only if `root` has the tag.
    """
    address, tag = repository(), version_tag()
    there, here = _git(root, "ls-remote", "--tags", address, f"refs/tags/{tag}"), _git(root, "tag", "--list", tag)
    if there is None and here is None:
        return (
            f"whether {address} has the tag {tag} could not be checked: it does not answer, and this folder is not a git repository"
        )
    if not (here if there is None else there):
        make = "" if here else f"git tag {tag} && "
        return f"Colab installs the tag {tag} of {address}, which does not exist there: run `{make}git push --tags`"
    if here and _git(root, "diff", "--stat", tag, "--", "dpr_course", "notebooks"):
        return (
            f"Colab installs the tag {tag}, and dpr_course or notebooks have changed since it was made: commit, raise "
            "__version__ in dpr_course/__init__.py, run `make notebooks`, and tag that"
        )
    return ""


def _git(root, *arguments):
    """Run git with `arguments` in the folder `root`, and return what it prints. Git is kept from asking for a password.

    Return None if git fails, is not installed or takes longer than PATIENCE seconds.
    """
    quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "GIT_CEILING_DIRECTORIES": str(root.parent)}
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout.strip()
