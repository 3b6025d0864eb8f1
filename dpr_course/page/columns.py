"""What the page holds of one retriever: a column with its weights, its passage vectors and its map, all in int8."""

from dataclasses import dataclass, field

import numpy as np
import torch

from dpr_course.page.quantise import int8_encoder, quantise_encoder, quantise_vectors, restore
from dpr_course.page.tokenizers import describe
from dpr_course.pipeline.retriever import Retriever

ON_THE_MAP = 200  # questions from which the axes of the map are made


@dataclass
class Column:
    """A retriever on the page. For BM25 all but label and note stays empty.

    weights    {name in the state dict: (int8 (o, k), scales (o,)) or float32 (o,)} of the query encoder
    vectors    (int8 (N, d), scales (N,), mean (d,)) of the passages
    config     dim, n_heads, n_layers
    tokenizer  as dpr_course.page.tokenizers.describe gives it
    map        axes (2, d), centre (d,), questions (n, 2): their places
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
    """Return the retriever as the page runs it, in torch: int8 weights encode questions, the original ones passages."""
    made = Retriever(int8_encoder(retriever.query_encoder), retriever.passage_encoder, retriever.tokenizer, retriever.max_length)
    return made.eval()


def dense_column(label, retriever, passages, samples, note="a dual encoder, trained on questions and passages"):
    """Return the column of a retriever (see dpr_course.page.models.refuse for which) over `passages`; samples: the known questions."""
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
    """The two directions in which questions X (n, d) and passages Y (N, d) differ most together, as in the map of stage 04."""
    both = np.concatenate([X, Y])
    centre = both.mean(axis=0)
    V = torch.linalg.svd(torch.from_numpy(both - centre), full_matrices=False)[2].numpy()
    axes = V[:2] * np.sign(V[:2].sum(axis=1, keepdims=True))  # either sign is right: one is chosen for all machines
    return {
        "axes": np.round(axes, 6).tolist(),
        "centre": np.round(centre, 6).tolist(),
        "questions": np.round((X - centre) @ axes.T, 3).tolist(),
    }
