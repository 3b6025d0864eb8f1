"""Does a text hold an answer?"""

import re
import unicodedata


def tokens(text):
    """Lower-case words of a text, and every other visible character on its own; accents decomposed (NFD)."""
    # A combining accent belongs to its word, so that "cafe" is not found in "café".
    return re.findall(r"(?:\w|[\u0300-\u036f])+|[^\w\s]", unicodedata.normalize("NFD", text).lower())


def has_answer(text, answers):
    """True if the words of one of `answers` stand in `text`, next to each other and in order.

    Case and spacing do not matter; "1" is not found in "1998". An answer without a word matches nothing.
    """
    words = tokens(text)
    for answer in answers:
        wanted = tokens(answer)
        n = len(wanted)
        if n and any(words[i : i + n] == wanted for i in range(len(words) - n + 1)):
            return True
    return False
