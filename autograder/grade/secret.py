"""The course's secret seed: hidden inputs are drawn from it, so the code may be public and the inputs are not."""

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from autograder.places import SECRET, left_behind, move_in

HIDDEN_RUNS = 2  # hidden inputs an exercise


def load_secret(path=SECRET):
    """The secret, made on first use and readable by its owner only. Git ignores it; keep a copy with your marks."""
    path = Path(path)
    if path == SECRET and left_behind():
        print(move_in())  # or a course that has a seed would get a new one
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not `files.replacing`, by which the last of several processes would win: here the first must. The temporary file
        # is its owner's alone from the start, and the link to it fails if another process made a secret meanwhile.
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.") as part:
            part.write(secrets.token_hex(32) + "\n")
            part.flush()
            with contextlib.suppress(FileExistsError):
                os.link(part.name, path)
    text = path.read_text(encoding="utf-8").strip()
    if len(text) < 32:
        raise ValueError(f"{path}: must hold at least 32 characters; restore your copy, or delete it for a new secret")
    return text


def hidden_seeds(exercise, secret):
    """The hidden seeds of an exercise, integers below 2**62."""
    digests = (hashlib.sha256(f"{secret}/{exercise}/{i}".encode()).digest() for i in range(HIDDEN_RUNS))
    return [int.from_bytes(d[:8], "big") >> 2 for d in digests]


def fingerprint(secret):
    """Tells two secrets apart and gives none of them away."""
    return hashlib.sha256(f"fingerprint/{secret}".encode()).hexdigest()[:16]
