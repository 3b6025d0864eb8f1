"""The statements in the prose of stage 03 about the outputs of its cells."""

import re

from claims import Claim, numbers, row

TABLE = "from dpr_course.plots import recall_curves"


def weights(out):
    """Return [(BM25 weight of a word of the question, number of passages that contain the word), ...], in the printed order."""
    return [(float(w), int(n)) for w, n in re.findall(r"weight ([\d.]+), in (\d+) of", out)]


def places(out):
    """Return the rows of the printed (3, 2) tensor of passage indices, each as a pair of strings."""
    return re.findall(r"\[(\d+), (\d+)\]", out)


CLAIMS = [
    Claim(
        "Row i holds the indices of the two best passages for question i, best first.",
        "torch.topk(X @ Y.T, k=2",
        lambda out: len(places(out)) == 3,
    ),
    Claim(
        "The fewer passages contain a word, the larger its weight.",
        "from dpr_course.bm25 import bm25_candidates, word_weights",
        lambda out: len(weights(out)) > 3 and all(a[0] >= b[0] and a[1] <= b[1] for a, b in zip(weights(out), weights(out)[1:])),
    ),
    Claim(
        "This is why BM25 wins: one rare name nearly decides the ranking",
        "from dpr_course.bm25 import bm25_candidates, word_weights",
        lambda out: weights(out)[0][1] <= 3 and weights(out)[0][0] > 1.3 * weights(out)[1][0],
    ),
    Claim(
        "The cut costs BM25 a few points of R@1.",
        TABLE,
        lambda out: 0.5 < row(out, "BM25")[0] - row(out, "BM25 on the cut text")[0] < 8,
    ),
    Claim(
        "Even so it is far ahead, and with few training examples it may stay ahead.",
        TABLE,
        lambda out: row(out, "BM25 on the cut text")[0] > row(out, "untrained")[0] + 50,
    ),
    Claim(
        "Stems help more than Lucene's stop words.",
        "def bm25_recall",
        lambda out: row(out, "stems")[0] > row(out, "without stop words")[0] + 0.5,
    ),
    Claim(
        'But that list lacks question words: few passages contain "what", so "what" gets a larger weight than "king".',
        "def bm25_recall",
        lambda out: float(re.search(r"'what': ([\d.]+)", out)[1]) > float(re.search(r"'king': ([\d.]+)", out)[1]),
    ),
    Claim(
        "A longer list removes such words too, and R@1 rises again.",
        "def bm25_recall",
        lambda out: row(out, "both, more stop words")[0] > row(out, "both, as in Lucene")[0] + 0.5,
    ),
    Claim(
        "By title, *any* passage of the right article is a hit, so recall is higher.",
        "by_title = ",
        lambda out: all(numbers(line)[0] < numbers(line)[1] for line in out.strip().splitlines()),
    ),
    Claim("On some questions the two disagree at k = 1", "questions differ", lambda out: numbers(out)[0] > 0),
    Claim("R@100 is near 100 for BM25.", TABLE, lambda out: row(out, "BM25")[4] > 98),
]

NOT_ABOUT_AN_OUTPUT = [
    # facts of the field
    "a baseline from 1994 that is hard to beat.",
    "Sparse (by words) and dense (by vectors) retrieval fail on different questions, so real systems often combine them.",
    "papers often count a passage as right if it holds the answer string.",
    # what the words mean
    "A question's scores are its dot products with every passage; `torch.topk` gives the k best scores and their column indices.",
    "Each repetition of a word adds less, and long passages get lower scores.",
    '33 **stop words** such as "the" are left out, and the other words are cut to their **stems** ("moons" to "moon").',
    "A fair comparison needs the same input.",
    "BM25 reads whole passages, while the encoder reads only the text before the cut.",
    # the knob, and a case to think about with its answer
    "Set `k`, up to the 100 that were searched for, and compare with a system that returns k passages at random.",
    "For a reader that extracts the answer from the first five passages, R@5 is what counts.",
    "R@10 counts only whether the gold passage is among the first ten.",
    "R@10 does not distinguish rank 1 from rank 10.",
    "Measures that distinguish them are the mean reciprocal rank",
]
