"""The course's nbgrader configuration (autograder/nbgrader_config.py), as traitlets read it."""

import os
import sys
from pathlib import Path

from autograder.places import HOUSE


def nbgrader_settings():
    """A traitlets Config. nbgrader calls alembic by name, so this Python's programs are put on PATH first."""
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    return Config(PyFileConfigLoader("nbgrader_config.py", path=str(HOUSE)).load_config())
