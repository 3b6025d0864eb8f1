"""Makes a Column, the data of one retriever on the page: weights of the query encoder, passage vectors, and a map of vectors.

The page encodes typed questions itself and compares them with the stored passage vectors. The matrices of the weights, and the
passage vectors, are stored as int8. The map shows the vectors of questions and passages in two dimensions.
"""

from dataclasses import dataclass, field

import numpy as np
import torch

from dpr_course.page.quantise import int8_encoder, quantise_encoder, quantise_vectors, restore
from dpr_course.page.tokenizers import describe
from dpr_course.pipeline.retriever import Retriever

ON_THE_MAP = 200  # approximate number of questions from which the axes of the map are computed


@dataclass
class Column:
    """A retriever on the page. For BM25, all fields except `label` and `note` are empty.

    label      name of the column
    note       a line of text about the retriever
    weights    query encoder's state dict: {name: (int8 (o, k), scales (o,)) for a matrix, float32 (o,) for a vector}
    vectors    the vectors of the N passages: (int8 (N, d), scales (N,), mean (d,)), see dpr_course.page.quantise
    config     dict with the query encoder's "dim", "n_heads" and "n_layers"
    tokenizer  dict that dpr_course.page.tokenizers.describe returns
    map        dict that `axes_of` returns
    """

    label: str
    note: str
    weights: dict = field(default_factory=dict)
    vectors: tuple = ()
    config: dict = field(default_factory=dict)
    tokenizer: dict = field(default_factory=dict)
    map: dict = field(default_factory=dict)

    @property
    def dense(self):
        return bool(self.weights)


def bm25_column(label="BM25"):
    return Column(label, "counts the words that question and passage share, and learns nothing")


def rounded(retriever):
    """Return a Retriever that computes in torch what the page computes: its query encoder is a copy with rounded weights.

    The weights are rounded to int8. The passage encoder is that of `retriever`.
    """
    made = Retriever(int8_encoder(retriever.query_encoder), retriever.passage_encoder, retriever.tokenizer, retriever.max_length)
    return made.eval()


def dense_column(label, retriever, passages, samples, note="a dual encoder, trained on questions and passages"):
    """Return the Column of `retriever`, a dual encoder, with the vectors of `passages`.

    The axes of the map are computed from the passages and about ON_THE_MAP of the questions of `samples`. The caller must have
    checked with `dpr_course.page.models.refuse` that the page can run the retriever.
    """
    config = retriever.query_encoder.config
    was, device = retriever.training, next(retriever.parameters()).device
    retriever = retriever.to("cpu").eval()
    vectors = quantise_vectors(retriever.encode_passages(passages).numpy())
    some = [s["question"] for s in samples[:: max(1, len(samples) // ON_THE_MAP)]] or [p["title"] for p in passages[:2]]
    X = rounded(retriever).encode_questions(some).numpy()  # (n, d)
    weights = quantise_encoder(retriever.query_encoder)
    retriever.to(device).train(was)
    return Column(
        label,
        note,
        weights,
        vectors,
        {"dim": config.dim, "n_heads": config.n_heads, "n_layers": config.n_layers},
        describe(retriever.tokenizer, retriever.max_length),
        axes_of(X, restore(*vectors)),
    )


def axes_of(X, Y):
    """Return the map of a Column for question vectors X (n, d) and passage vectors Y (N, d), as a dict of lists.

    "axes" (2, d) are the first two principal components of X and Y together, as in the map of stage 04. "centre" (d,) is the
    mean of all vectors. "questions" (n, 2) are the positions of X on the map.
    """
    both = np.concatenate([X, Y])
    centre = both.mean(axis=0)
    V = torch.linalg.svd(torch.from_numpy(both - centre), full_matrices=False)[2].numpy()
    axes = V[:2] * np.sign(V[:2].sum(axis=1, keepdims=True))  # the sign of an axis is arbitrary: make it equal on all machines
    return {
        "axes": np.round(axes, 6).tolist(),
        "centre": np.round(centre, 6).tolist(),
        "questions": np.round((X - centre) @ axes.T, 3).tolist(),
    }
