"""The data of one retriever on the page: a column with the query encoder's weights, the passage vectors and the map of vectors.

Matrices of weights and passage vectors are stored as int8.
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
    """A retriever on the page. For BM25 all fields but label and note are empty.

    weights    {name in the state dict: (int8 (o, k), scales (o,)) or float32 (o,)} of the query encoder
    vectors    (int8 (N, d), scales (N,), mean (d,)) of the passages
    config     dim, n_heads, n_layers
    tokenizer  dict that dpr_course.page.tokenizers.describe returns
    map        axes (2, d), centre (d,), and questions (n, 2), their positions on the map
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
    """Return a torch version of the retriever that the page runs: its query encoder has int8 weights, its passage encoder is unchanged."""
    made = Retriever(int8_encoder(retriever.query_encoder), retriever.passage_encoder, retriever.tokenizer, retriever.max_length)
    return made.eval()


def dense_column(label, retriever, passages, samples, note="a dual encoder, trained on questions and passages"):
    """Return the Column of a retriever over `passages`. `samples` are the known questions.

    `dpr_course.page.models.refuse` says which retrievers a page can run.
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
    """Return the `map` of a Column: the first two principal components of questions X (n, d) and passages Y (N, d) together.

    These are the axes of the map of stage 04 too.
    """
    both = np.concatenate([X, Y])
    centre = both.mean(axis=0)
    V = torch.linalg.svd(torch.from_numpy(both - centre), full_matrices=False)[2].numpy()
    axes = V[:2] * np.sign(V[:2].sum(axis=1, keepdims=True))  # the sign of an axis is arbitrary, and is fixed for all machines
    return {
        "axes": np.round(axes, 6).tolist(),
        "centre": np.round(centre, 6).tolist(),
        "questions": np.round((X - centre) @ axes.T, 3).tolist(),
    }
