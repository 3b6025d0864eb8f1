"""What the prose of stage 03 claims about its outputs."""

from claims import Claim, numbers, output, row  # noqa: F401

CLAIMS: list[Claim] = []

NOT_ABOUT_AN_OUTPUT = [
    "You will measure an untrained encoder, and BM25, a baseline from 1994 that is hard to beat.",
    "A question's scores are its dot products with every passage; `torch.topk` gives the best k and their places.",
    "Row i holds the places of the two best passages of question i, the best first.",
    "BM25 counts words that question and passage share, and weighs rare ones more.",
    "It has never seen a training question either.",
    "BM25 is far ahead, and with few training examples it may stay ahead.",
    "Sparse and dense retrieval fail on different questions, which is why real systems often combine them.",
    "The original assignment counts titles; papers often count a passage as right if it holds the answer string.",
    "Set `k`, up to the 100 that were searched for, and compare with a system that returns k passages at random.",
    "A reader that extracts the answer from the first five passages sees only R@5.",
]
