"""Puts the template, the style, the scripts and the packed data of the page into one HTML file that needs no other file."""

import html
import re
from pathlib import Path

from dpr_course import __version__
from dpr_course.page.pack import as_bytes, pack, packed

WEB = Path(__file__).parent / "web"
# Each script uses only scripts before it. The first five do not need a browser and run in any JavaScript engine.
SCRIPTS = ("unpack", "tokenizer", "bm25", "encoder", "retriever", "columns", "recall", "pictures", "page")


def _read(name):
    return (WEB / name).read_text(encoding="utf-8")


def script():
    """Return the page's whole JavaScript program. The program's functions are global, so that tests can call them."""
    return "\n".join(_read(f"{name}.js") for name in SCRIPTS)


def page_html(columns, passages, samples):
    """Return the HTML of the page.

    columns   list of Column, one per retriever, see dpr_course.page.columns
    passages  the passages that are searched
    samples   the questions that the page offers, with their answers and gold passages
    """
    weights, about = pack(columns, passages, samples)
    (weights_text, weights_size), (about_text, about_size) = packed(weights), packed(as_bytes(about))
    footer = (
        f"dpr-course {__version__}. {len(passages):,} passages, {len(samples):,} known questions. Weights and vectors are stored with "
        "8 bits per number."
    )
    parts = {
        "style": _read("page.css"),
        "script": script(),
        "footer": html.escape(footer),
        "weights": weights_text,
        "weights_size": str(weights_size),
        "about": about_text,
        "about_size": str(about_size),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda m: parts[m[1]], _read("page.html"))  # in one pass, because packed text may hold braces
