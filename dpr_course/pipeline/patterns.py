"""Answers that are regular expressions, as in CuratedTREC, and the test whether a text contains a match of one."""

import functools
import unicodedata

import regex

SECONDS, TOO_SLOW = 1.0, set()  # time limit of a search of one text; the patterns that took longer


@functools.lru_cache(maxsize=20_000)
def compiled(pattern):
    """Return the compiled regular expression of an answer, or None if the answer is blank or not valid."""
    try:
        flags = regex.IGNORECASE | regex.UNICODE | regex.MULTILINE
        return regex.compile(unicodedata.normalize("NFD", pattern), flags) if pattern.strip() else None
    except Exception:  # a pattern from a file may break the compiler in more ways than regex.error
        return None


def matches_regex(text, patterns):
    """Return whether one of `patterns` matches somewhere in `text`, both decomposed (NFD). A pattern that is not valid never does.

    Neither does a pattern that has once searched a text for longer than SECONDS: "(a|aa)+$" could search for years.
    """
    text = unicodedata.normalize("NFD", text)
    for pattern in patterns:
        found = None if pattern in TOO_SLOW else compiled(pattern)
        try:
            if found and found.search(text, timeout=SECONDS):
                return True
        except TimeoutError:
            TOO_SLOW.add(pattern)
    return False
