"""Keeps the course's secret seed, from which the hidden inputs are drawn. All code may be public: only this seed must stay secret."""

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from autograder.places import SECRET, left_behind, move_in

HIDDEN_RUNS = 2  # number of hidden seeds per exercise


def load_secret(path=SECRET):
    """Return the secret seed, a str, from the file `path`. If there is no file, create one that only its owner can read.

    Git ignores the file, so instructors must keep a copy. Raises ValueError if the file holds fewer than 32 characters.
    """
    path = Path(path)
    if path == SECRET and left_behind():
        print(move_in())  # else a course whose seed is still in the old place would get a new seed
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # If several processes create a secret at the same time, the first secret must stay. With `files.replacing`, the last
        # would stay. Only its owner can read the temporary file. os.link fails if another process has created the secret in the
        # meantime.
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.") as part:
            part.write(secrets.token_hex(32) + "\n")
            part.flush()
            with contextlib.suppress(FileExistsError):
                os.link(part.name, path)
    text = path.read_text(encoding="utf-8").strip()
    if len(text) < 32:
        raise ValueError(f"{path}: must hold at least 32 characters; restore your copy, or delete the file to get a new secret")
    return text


def hidden_seeds(exercise, secret):
    """Return the hidden seeds of an exercise: a list of HIDDEN_RUNS integers below 2**62."""
    digests = (hashlib.sha256(f"{secret}/{exercise}/{i}".encode()).digest() for i in range(HIDDEN_RUNS))
    return [int.from_bytes(d[:8], "big") >> 2 for d in digests]


def fingerprint(secret):
    """Return a hash of `secret`, 16 hexadecimal digits. It tells secrets apart without revealing them."""
    return hashlib.sha256(f"fingerprint/{secret}".encode()).hexdigest()[:16]
