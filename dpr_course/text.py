"""Does a text hold an answer? The definition of DPR (Karpukhin et al. 2020) and of DrQA before it (Chen et al. 2017)."""

import functools
import unicodedata

import regex

# A run of letters, numbers and the accents that combine with them; else any one character that is not blank or control.
TOKEN = regex.compile(r"[\p{L}\p{N}\p{M}]+|[^\p{Z}\p{C}]")


def tokens(text):
    """Lower-case words of a text, and every other visible character on its own; accents decomposed (NFD).

    A combining accent belongs to its word, so that "cafe" is not found in "café". Each token is lowered by itself.
    """
    return [token.lower() for token in TOKEN.findall(unicodedata.normalize("NFD", text))]


@functools.lru_cache(maxsize=20_000)  # a search looks into the same passages again and again
def _joined(text):
    """The tokens between NULs, which are in no token: lists of tokens are then compared as strings."""
    return "\0".join(["", *tokens(text), ""])


def has_answer(text, answers):
    """True if the tokens of one of `answers` stand in `text`, next to each other and in order.

    Case and spacing do not matter; "1" is not found in "1998". An answer without a token matches nothing: in DPR's
    code it matches everything, so that one blank answer in a file makes every passage right. TypeError unless text is a
    string and answers a list: a single string would be searched letter by letter.
    """
    if isinstance(answers, str) or not isinstance(text, str):
        raise TypeError("has_answer(text, answers) takes one text, a string, and then a list of answers")
    text = _joined(text)
    return any(len(wanted) > 1 and wanted in text for wanted in map(_joined, answers))
