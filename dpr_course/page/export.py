"""Loads models and writes the page that shows them: the work of `dpr-course page MODEL ... --out ask.html`."""

from pathlib import Path

from dpr_course.files import replacing
from dpr_course.page.assemble import page_html
from dpr_course.page.columns import bm25_column, dense_column
from dpr_course.page.models import NAMES, PageError, labelled, load
from dpr_course.pipeline.corpora import load_corpus, load_questions

MOST_PASSAGES = 20_000  # so many passages take about 15 MB of the page
UNTRAINED = "the encoder as it was before it saw a question"


def wanted(models, only=False):
    """Return the page's columns as [(label, model), ...].

    `models` are strings "MODEL" or "LABEL=MODEL". If "bm25" or "untrained" is not among them, a column for it is put in front,
    unless `only` is true. Raises PageError if two columns have the same label.
    """
    named = [labelled(m) for m in models]
    before = [] if only else [(NAMES[n], n) for n in NAMES if n not in [model for _, model in named]]
    columns = before + named
    labels = [label for label, _ in columns]
    if double := next((x for x in labels if labels.count(x) > 1), None):
        raise PageError(f"two columns would be called {double}: give one of them a name, for example 'mine=FOLDER'")
    return columns


def write(columns, passages, samples, out):
    """Write the page to the file `out` and return its size in bytes."""
    out = Path(out)
    if out.is_dir():
        raise PageError(f"{out} is a folder: give --out the name of a file, such as ask.html")
    with replacing(out) as part:
        part.write_text(page_html(columns, passages, samples), encoding="utf-8", newline="\n")
    return out.stat().st_size


def make_page(models, out, passages="toy", questions="toy", only=False, tell=print):
    """Write the page of several models to the file `out` and return its size in bytes.

    models                strings "MODEL" or "LABEL=MODEL"; see `dpr_course.page.models.load` for what a MODEL can be
    passages, questions   "toy" or the path of a file, as in `dpr-course evaluate`
    only                  if true, "bm25" and "untrained" are not added to `models`
    tell                  function that is called with each message, a text
    """
    named = wanted(models, only)
    corpus = load_corpus(passages)
    if len(corpus) > MOST_PASSAGES:
        raise PageError(
            f"{passages}: {len(corpus):,} passages, and a page that is opened from a disk takes at most {MOST_PASSAGES:,}"
        )
    samples = load_questions(questions, corpus)
    columns, retrievers = [], [None if name == "bm25" else load(name) for _, name in named]  # all are loaded before the slow work
    for (label, name), retriever in zip(named, retrievers):
        note = {"note": UNTRAINED} if name == "untrained" else {}
        columns.append(dense_column(label, retriever, corpus, samples, **note) if retriever else bm25_column(label))
        tell(f"column {len(columns)}: {label}")
    size = write(columns, corpus, samples, out)
    tell(
        f"{out}: {size / 1e6:.2f} MB, {len(columns)} retrievers, {len(corpus):,} passages. Open it in a browser; it needs no network"
    )
    return size
