"""Searches texts for answers that are regular expressions, such as the answers of CuratedTREC."""

import functools
import unicodedata

import regex

SECONDS, TOO_SLOW = 1.0, set()  # time limit for searching one text for one pattern; the patterns that have exceeded it


@functools.lru_cache(maxsize=20_000)
def compiled(pattern):
    """Return the compiled regular expression `pattern`, or None if it is blank or not valid."""
    try:
        flags = regex.IGNORECASE | regex.UNICODE | regex.MULTILINE
        return regex.compile(unicodedata.normalize("NFD", pattern), flags) if pattern.strip() else None
    except Exception:  # a pattern from a file may break the compiler in more ways than regex.error
        return None


def matches_regex(text, patterns):
    """Return whether one of `patterns` matches somewhere in `text`, ignoring case. Text and patterns are normalised (Unicode NFD).

    A pattern never matches if it is not valid, or if an earlier search for it took longer than SECONDS: the search for a pattern
    such as "(a|aa)+$" could take years.
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
