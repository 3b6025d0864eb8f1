"""BM25, the lexical baseline (Robertson and Zaragoza 2009), in Lucene's variant, computed by the bm25s library (Lù 2024)."""

import numpy as np

from dpr_course.candidates import make_candidates

STOP_WORDS = {"lucene": "en", "more": "en_plus", "none": None}  # the values are the names that bm25s gives its lists
WORD = r"(?!(?<=['’])s\b)\w+"  # a run of letters and digits, but not the s of "Jupiter's"


def _analyser(stop_words, stem):
    """Return a function that takes a list of texts and returns, for each text, the list of the words that BM25 counts.

    `stop_words` and `stem` have the same meaning as in `bm25_candidates`. Raises ValueError if `stop_words` is not a known name.
    """
    import bm25s
    import snowballstemmer

    if stop_words not in STOP_WORDS:
        raise ValueError(f"stop_words is {stop_words!r}, but must be one of {', '.join(map(repr, STOP_WORDS))}")
    options = dict(stopwords=STOP_WORDS[stop_words], stemmer=snowballstemmer.stemmer("porter") if stem else None)

    def words(texts):
        found = bm25s.tokenize(texts, token_pattern=WORD, return_ids=False, show_progress=False, **options)
        return [[w for w in text if w] for text in found]  # bm25s returns [""] for a text without words, and would fail on "" later

    return words


def bm25_candidates(samples, passages, k=100, k1=0.9, b=0.4, stop_words="lucene", stem=True):
    """Return the `k` passages with the highest BM25 scores for each sample's question, in the form that `make_candidates` makes.

    The title and the text of a passage are searched. The defaults are those of published BM25 results (Anserini, Pyserini):
    lower-case words without Lucene's 33 English stop words, stems by Porter's algorithm, k1 = 0.9 and b = 0.4. Lucene's own
    defaults are k1 = 1.2 and b = 0.75.

    k           number of passages per sample; all passages if there are fewer
    k1          how much repetitions of a word add to the score; with 0 they add nothing
    b           how much the words of a long passage are discounted, from 0 (not at all) to 1
    stop_words  words to leave out: "lucene", "more" (179 words, among them "who", "what" and "did") or "none"
    stem        whether words are reduced to their stems, so that "moons" finds "moon"
    """
    import bm25s

    words = _analyser(stop_words, stem)
    corpus = words([f"{p['title']} {p['text']}" for p in passages])
    scores = np.zeros((len(samples), len(passages)), dtype=np.float32)
    if any(corpus):
        index = bm25s.BM25(k1=k1, b=b)
        index.index(corpus, show_progress=False)
        for row, question in zip(scores, words([s["question"] for s in samples])):
            if question:
                row[:] = index.get_scores(question)
    # The sort is stable: on every machine, passages with equal scores keep their order.
    order = np.argsort(-scores, axis=1, kind="stable")[:, : min(k, len(passages))]
    return make_candidates(samples, passages, order, np.take_along_axis(scores, order, axis=1))


def word_weights(question, passages, stop_words="lucene", stem=True):
    """Return {word: (n, weight)} for the words of a question, where n is the number of passages that contain the word.

    `weight` is the word's weight in BM25, Lucene's idf: ln(1 + (N - n + 0.5) / (n + 0.5)) for N passages. Rare words weigh
    more. The words of `question` and `passages` are found as in `bm25_candidates`, with the same `stop_words` and `stem`.
    """
    words = _analyser(stop_words, stem)
    held = [set(w) for w in words([f"{p['title']} {p['text']}" for p in passages])]
    counts = {w: sum(w in h for h in held) for w in words([question])[0]}
    return {w: (n, float(np.log(1 + (len(held) - n + 0.5) / (n + 0.5)))) for w, n in counts.items()}
