"""Tests whether a text contains an answer, as DPR defines it (Karpukhin et al. 2020, after DrQA, Chen et al. 2017)."""

import functools
import unicodedata

import regex

# A token is a run of letters, digits and combining accents, or any other single character except blanks and control characters.
TOKEN = regex.compile(r"[\p{L}\p{N}\p{M}]+|[^\p{Z}\p{C}]")


def tokens(text):
    """Return the tokens of a text, in lower case. A token is a word, or one visible character that belongs to no word.

    Letters with accents are decomposed (NFD). An accent is a part of its word, so "cafe" is not found in "café".
    """
    return [token.lower() for token in TOKEN.findall(unicodedata.normalize("NFD", text))]


@functools.lru_cache(maxsize=20_000)  # the same passages are searched for many questions
def _joined(text):
    """Return the tokens of `text` joined by NULs, with a NUL at each end, so that lists of tokens can be searched as strings.

    No token contains a NUL, so only whole tokens match.
    """
    return "\0".join(["", *tokens(text), ""])


def has_answer(text, answers):
    """Return whether `text` contains at least one of `answers`: all tokens of the answer, next to each other and in order.

    Case and spacing do not matter. Only whole tokens match: "1" is not found in "1998". An answer without a token matches
    nothing. (In DPR's code such an answer matches everything, so that one blank answer in a file makes every passage right.)
    Raises TypeError if `text` is not a string, or if `answers` is a single string, which would be read as a list of letters.
    """
    if isinstance(answers, str) or not isinstance(text, str):
        raise TypeError("has_answer(text, answers) takes one text, a string, and then a list of answers")
    text = _joined(text)
    return any(len(wanted) > 1 and wanted in text for wanted in map(_joined, answers))
