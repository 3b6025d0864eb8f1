"""The course's settings in pyproject.toml, and the check that the repository has the tag of this version.

The repository's address and the tag are written into every notebook (`make notebooks`): a student's set-up cell installs the
package of that tag and fetches `previous.py` from it, and every Colab link opens that tag's notebook. What a class was given
therefore stays the same, even if the main branch changes. Two lines set these values: `Repository` in pyproject.toml, the
only line that a fork edits, and `__version__` in dpr_course/__init__.py.
"""

import os
import subprocess
import tomllib

from autograder.places import PYPROJECT, ROOT
from dpr_course.start import version_tag

PATIENCE = 10  # seconds to wait for git's answer, also over the network


def read_pyproject(path=PYPROJECT):
    """Return the content of pyproject.toml as a dictionary."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def repository():
    """Return the repository's address: `Repository` under [project.urls] in pyproject.toml."""
    return read_pyproject()["project"]["urls"]["Repository"]


def why_not_in_colab(root=ROOT):
    """Return one sentence that says why a release of this version would not work in Colab, and what to do; "" if it would work.

    root: folder of the course. The repository must have the tag of this version. If the repository does not answer, for example
    because there is no network, the tags in this folder are checked instead. The tag must hold the same package and notebooks as
    this folder; this is checked only if this folder has the tag.
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
    """Return what git prints, or None if it fails, is not installed or takes longer than PATIENCE. It never asks for a password."""
    quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "GIT_CEILING_DIRECTORIES": str(root.parent)}
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout.strip()
