"""The rows of an encoder's embedding tables that have moved show which tokens and positions it has read in training."""

import copy
from types import SimpleNamespace

import pytest
import torch
from test_rules import with_
from transformers import DistilBertConfig, DistilBertModel

from dpr_course.data import load_toy_nq
from dpr_course.diagnose.case import Case
from dpr_course.diagnose.judge import judge
from dpr_course.diagnose.trace import measure_trace, moves, reach, strangers
from dpr_course.encoders import load_tokenizer

SIDE = {"foreign": [], "count": 0, "exchanged": 80, "styles": {}, "frequent": 6, "reach": 20, "longest": 20, "texts": 192}
PASSAGE = SIDE | {"exchanged": 3000, "styles": {"joined": 0, "text": 0}, "reach": 100, "longest": 120}


def traced(query=(), passage=()):
    return with_(trace={"query_encoder": SIDE | dict(query), "passage_encoder": PASSAGE | dict(passage)})


def test_a_healthy_trace_is_no_finding():
    assert judge(traced()) == [] and judge(traced({"reach": None})) == []


@pytest.mark.parametrize(
    ("fault", "query", "passage"),
    [
        ("swapped-sides", {"count": 4000, "exchanged": 0, "reach": 100}, {"count": 50, "exchanged": 0, "styles": {"text": 50}}),
        ("mask-ignored", {"reach": 100}, {}),
        ("title-missing", {}, {"count": 90, "styles": {"pair": 0, "joined": 0}}),
        ("prefix-missing", {"count": 3, "foreign": ["que", "##ry", ":"], "reach": 23}, {}),
        ("prefix-missing", {}, {"count": 2, "foreign": ["pass", "##age"]}),
    ],
)
def test_the_trace_names_the_fault(fault, query, passage):
    assert [f.fault for f in judge(traced(query, passage))] == [fault]


def test_tokens_of_texts_that_are_not_known_are_no_prefix():
    # the positions show that no question became longer
    assert judge(traced({"count": 3, "foreign": ["moon", "ice", "##ed"]})) == []
    assert judge(traced({"count": 300})) == [] and judge(traced({}, {"count": 2, "foreign": ["moon", "ice"]})) == []


@pytest.fixture(scope="module")
def start():
    torch.manual_seed(0)
    config = DistilBertConfig(vocab_size=10_000, dim=8, n_layers=1, n_heads=1, hidden_dim=8, max_position_embeddings=64)
    sides = [DistilBertModel(config).eval() for _ in range(2)]
    return torch.nn.ModuleDict({"query_encoder": sides[0], "passage_encoder": sides[1]})


class Dual(torch.nn.Module):
    def __init__(self, sides):
        super().__init__()
        self.query_encoder, self.passage_encoder = copy.deepcopy(sides["query_encoder"]), copy.deepcopy(sides["passage_encoder"])


def trained(start, tokenizer, texts, passages, decay=0.999):
    """Return a copy of the model whose embedding tables have changed as in training.

    All rows are multiplied by `decay`. Then 0.01 is added to the rows of the tokens and positions that occur in the texts.
    texts, passages: lists of token ids, one per text, that the query encoder and the passage encoder have read.
    """
    model = Dual(start)
    for side, some in (("query_encoder", texts), ("passage_encoder", passages)):
        tables = getattr(model, side).embeddings
        with torch.no_grad():
            tables.word_embeddings.weight *= decay
            tables.position_embeddings.weight *= decay
            tables.word_embeddings.weight[sorted({t for row in some for t in row})] += 0.01
            tables.position_embeddings.weight[: max(map(len, some))] += 0.01
    return model


@pytest.mark.parametrize("prefix", ["", "query: "])
def test_the_tokens_of_a_prefix_are_found(start, prefix):
    samples, _, passages = load_toy_nq()
    tokenizer, samples = load_tokenizer(), samples[:40]
    read = tokenizer([prefix + s["question"] for s in samples]).input_ids
    golds = [s["gold_context"] for s in samples]
    texts = tokenizer([p["title"] for p in golds], [p["text"] for p in golds], truncation=True, max_length=60).input_ids
    model = trained(start, tokenizer, read, texts)
    case = Case(model, tokenizer, train=samples, passages=passages, start=Dual(start), max_length=60)
    found = measure_trace(case)
    plain = max(map(len, tokenizer([s["question"] for s in samples]).input_ids))
    extra = tokenizer(prefix, add_special_tokens=False).input_ids
    assert sorted(found["query_encoder"]["foreign"]) == sorted(tokenizer.convert_ids_to_tokens(extra))
    assert (found["query_encoder"]["longest"], found["query_encoder"]["reach"]) == (plain, plain + len(extra))
    assert found["passage_encoder"]["count"] == 0 and found["passage_encoder"]["reach"] == 60


def test_a_shared_encoder_reads_both(start):
    samples, tokenizer = load_toy_nq()[0][:40], load_tokenizer()
    golds = [s["gold_context"] for s in samples]
    texts = tokenizer([p["title"] for p in golds], [p["text"] for p in golds], truncation=True, max_length=60).input_ids
    texts += tokenizer([s["question"] for s in samples]).input_ids
    model, untrained = trained(start, tokenizer, texts, texts), Dual(start)
    for dual in (model, untrained):
        dual.passage_encoder = dual.query_encoder
    found = measure_trace(Case(model, tokenizer, train=samples, start=untrained, max_length=60))["query_encoder"]
    assert found["count"] == 0 and found["reach"] == 60 < found["longest"]


def test_without_a_start_or_with_broken_weights_nothing_is_told(start):
    samples = load_toy_nq()[0][:10]
    case = Case(Dual(start), load_tokenizer(), train=samples)
    assert measure_trace(case) == {}
    case.start = copy.deepcopy(case.model)
    with torch.no_grad():
        case.model.query_encoder.embeddings.word_embeddings.weight.fill_(float("nan"))
    assert measure_trace(case) == {}


def test_rows_and_positions():
    before, now = torch.nn.Embedding(6, 4), torch.nn.Embedding(6, 4)
    with torch.no_grad():
        before.weight[5] = 0.0  # a row that was never trained
        now.weight.copy_(0.9 * before.weight)
        now.weight[1] += 1
    moved = moves(now, before)
    assert moved[1] > 1 and moved[[0, 2, 3, 4, 5]].max() < 1e-5
    assert moves(now, torch.nn.Embedding(5, 4)) is None
    assert strangers(torch.tensor([0.0, 1.0, 1.0, 0.0]), [[1], [1]]) == ([2], 1)
    assert reach(SimpleNamespace(named_modules=lambda: []), SimpleNamespace(named_modules=lambda: [])) is None
