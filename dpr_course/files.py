"""Where the shipped assets lie, and files and folders that are either there complete or not there at all: written beside, then renamed."""

import contextlib
import tempfile
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"


@contextlib.contextmanager
def replacing(path):
    """Yields a temporary path beside `path`; when the block ends well it takes the place of `path`.

    The block may write a file there or make a folder. After an error nothing is left of it, and what stood at `path`
    still stands.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as scratch:
        part, old = Path(scratch) / path.name, Path(scratch) / "old"
        try:
            yield part
        except OSError as e:  # a disc that is full names no file
            e.filename = e.filename or str(path)
            raise
        if path.is_dir():
            path.rename(old)  # a folder cannot be renamed over another
        try:
            part.replace(path)
        except OSError:
            if old.exists():
                old.rename(path)
            raise
