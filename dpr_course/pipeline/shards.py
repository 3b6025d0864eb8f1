"""Shards: a corpus cut into n consecutive pieces of nearly equal size."""

import re

from dpr_course.data import DataError


def shard_bounds(size, i, n):
    """Return the start and the end of shard `i` of `n` in a corpus of `size` passages. Shards are counted from 0.

    The n shards, in order, make up the corpus. If n is larger than `size`, some shards are empty.
    """
    if not 0 <= i < n:
        raise DataError(f"there is no shard {i}/{n}: shards are counted from 0, so the last is {n - 1}/{n}")
    return size * i // n, size * (i + 1) // n


def parse_shard(text):
    """Return the integers (i, n) for the text "i/n". Raises DataError if the text has another form or i is not below n."""
    if not (match := re.fullmatch(r"(\d+)/(\d+)", text)):
        raise DataError(f"{text!r} is not a shard: write i/n, for example 0/4 for the first of four")
    i, n = int(match[1]), int(match[2])
    if n < 1:
        raise DataError(f"{text!r}: there must be at least one shard")
    shard_bounds(0, i, n)
    return i, n
