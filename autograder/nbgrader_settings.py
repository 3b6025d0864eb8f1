"""Loads the course's nbgrader configuration, autograder/nbgrader_config.py."""

import os
import sys
from pathlib import Path

from autograder.places import HOUSE


def nbgrader_settings():
    """Return the configuration as a traitlets Config.

    The folder of this Python's programs is put first on the PATH, because nbgrader calls the program alembic by name.
    """
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    return Config(PyFileConfigLoader("nbgrader_config.py", path=str(HOUSE)).load_config())
