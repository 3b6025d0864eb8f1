"""The test whether a text holds an answer, as DPR (Karpukhin et al. 2020) and DrQA before it (Chen et al. 2017) define it."""

import functools
import unicodedata

import regex

# A run of letters, numbers and combining accents; or any other single character except blanks and control characters.
TOKEN = regex.compile(r"[\p{L}\p{N}\p{M}]+|[^\p{Z}\p{C}]")


def tokens(text):
    """Return the lower-case words of a text and, as separate tokens, all other visible characters. Accents are decomposed (NFD).

    A combining accent belongs to its word, so "cafe" is not found in "café". Each token is put into lower case separately.
    """
    return [token.lower() for token in TOKEN.findall(unicodedata.normalize("NFD", text))]


@functools.lru_cache(maxsize=20_000)  # a search looks into the same passages again and again
def _joined(text):
    """Return the tokens joined by NULs, which no token contains: lists of tokens can then be compared as strings."""
    return "\0".join(["", *tokens(text), ""])


def has_answer(text, answers):
    """Return True if the tokens of one of `answers` occur in `text`, next to each other and in order.

    Case and spacing do not matter; "1" is not found in "1998". An answer without a token matches nothing. (In DPR's code it
    matches everything, so one blank answer in a file makes every passage right.) Raises TypeError unless text is a string
    and answers a list: a single string would be read as a list of letters.
    """
    if isinstance(answers, str) or not isinstance(text, str):
        raise TypeError("has_answer(text, answers) takes one text, a string, and then a list of answers")
    text = _joined(text)
    return any(len(wanted) > 1 and wanted in text for wanted in map(_joined, answers))
