"""BM25, the lexical baseline, through the bm25s library (Lù 2024; Robertson and Zaragoza 2009)."""

import numpy as np

from dpr_course.candidates import make_candidates


def bm25_candidates(samples, passages, k=100):
    """The `k` best passages for each sample by BM25 over title and text, in the form of `make_candidates`.

    k is cut to the number of passages. Lower-case words, no stemming, no stop words (k1 = 1.5, b = 0.75).
    """
    import bm25s

    def tokens(texts):
        return bm25s.tokenize(texts, stopwords=None, token_pattern=r"\w+", return_ids=False, show_progress=False)

    index = bm25s.BM25()
    index.index(tokens([f"{p['title']} {p['text']}" for p in passages]), show_progress=False)
    questions = tokens([s["question"] for s in samples])
    scores = np.stack([index.get_scores(q) if q else np.zeros(len(passages)) for q in questions])
    # A stable sort: passages with equal scores keep their order, on every machine.
    order = np.argsort(-scores, axis=1, kind="stable")[:, : min(k, len(passages))]
    return make_candidates(samples, passages, order, np.take_along_axis(scores, order, axis=1))
