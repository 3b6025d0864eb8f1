"""A page that all tests in this folder share. It has BM25, the untrained encoder, and an encoder with changed weights."""

import copy
from types import SimpleNamespace

import pytest
import torch


@pytest.fixture(scope="session")
def moved():
    """The toy retriever, changed as if trained: noise is in its query encoder's layers and in the vectors of a fifth of the words."""
    from dpr_course.pipeline.retriever import Retriever

    retriever = Retriever.from_pretrained("toy", tied=True)
    encoder, noise = copy.deepcopy(retriever.query_encoder), torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, w in encoder.named_parameters():
            step = 0.1 * w.std() * torch.randn(w.shape, generator=noise)
            w += step * (torch.rand(len(w), 1, generator=noise) < 0.2) if "word_embeddings" in name else step
    return Retriever(encoder, retriever.passage_encoder, retriever.tokenizer).eval()


@pytest.fixture(scope="session")
def page(moved, toy_nq, tmp_path_factory):
    """A page and what it is made of, as attributes: path, size (bytes), columns (one per retriever), passages, samples, moved."""
    from dpr_course.page.columns import bm25_column, dense_column
    from dpr_course.page.export import write
    from dpr_course.page.models import load

    _, samples, passages = toy_nq
    untrained, Y = load("untrained"), moved.encode_passages(passages)
    untrained.encode_passages = moved.encode_passages = lambda _: Y  # encoded once: both use the toy encoder
    columns = [bm25_column(), dense_column("untrained", untrained, passages, samples)]
    columns.append(dense_column("moved", moved, passages, samples))
    path = tmp_path_factory.mktemp("page") / "ask.html"
    size = write(columns, passages, samples, path)
    return SimpleNamespace(path=path, size=size, columns=columns, passages=passages, samples=samples, moved=moved)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Chromium without access to the network."""
    from chromium import Chromium

    made = Chromium(tmp_path_factory.mktemp("chromium"))
    made.socket.settimeout(120)
    made.call("Network.enable")
    made.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
    yield made
    made.close()
