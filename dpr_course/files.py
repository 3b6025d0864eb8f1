"""ASSETS, the folder of the files that ship with the course, and `replacing`, which writes a file or folder safely.

Files and folders are written under a temporary name and then renamed, so they exist either completely or not at all.
"""

import contextlib
import tempfile
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"


@contextlib.contextmanager
def replacing(path):
    """Return a context manager that yields a temporary path. The file or folder that its block writes there replaces `path`.

    The replacement is made when the block ends. If the block raises an error, the temporary file or folder is removed, and
    `path` stays as it was. Raises IsADirectoryError if a file would replace a folder.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as scratch:
        part, old = Path(scratch) / path.name, Path(scratch) / "old"
        try:
            yield part
        except OSError as e:  # the error of a full disk names no file
            e.filename = e.filename or str(path)
            raise
        if path.is_dir():
            if not part.is_dir():
                raise IsADirectoryError(f"{path} is a folder, and a file is to be written there: give another name")
            path.rename(old)  # a folder cannot be renamed over another
        try:
            part.replace(path)
        except OSError:
            if old.exists():
                old.rename(path)
            raise
