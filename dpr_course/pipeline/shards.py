"""Shards: a corpus cut into n consecutive pieces of nearly equal size."""

import re

from dpr_course.data import DataError


def shard_bounds(size, i, n):
    """Return start and end of shard `i` of `n`, counted from 0, of a corpus of `size` passages.

    For any n, the n shards in order are the corpus; if n is larger than the corpus, some of them are empty.
    """
    if not 0 <= i < n:
        raise DataError(f"there is no shard {i}/{n}: shards are counted from 0, so the last is {n - 1}/{n}")
    return size * i // n, size * (i + 1) // n


def parse_shard(text):
    """Parse `"i/n"` and return (i, n). Raises DataError saying what is wrong."""
    if not (match := re.fullmatch(r"(\d+)/(\d+)", text)):
        raise DataError(f"{text!r} is not a shard: write i/n, for example 0/4 for the first of four")
    i, n = int(match[1]), int(match[2])
    if n < 1:
        raise DataError(f"{text!r}: there must be at least one shard")
    shard_bounds(0, i, n)
    return i, n
