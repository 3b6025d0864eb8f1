"""`diagnose` finds nothing in a healthy run. If a fault is put into this run, `diagnose` names it first."""

import copy
import json
import random
from dataclasses import replace

import pytest
import torch
from tiny_bag import BagDual, bag_case

from dpr_course.candidates import make_candidates
from dpr_course.diagnose.case import Case
from dpr_course.diagnose.from_notebook import report
from dpr_course.diagnose.negatives import read_texts
from dpr_course.encoders import load_tokenizer, save_tokenizer
from dpr_course.pipeline.vectors import Vectors


@pytest.fixture(scope="module")
def case():
    return bag_case()


def diagnosed(case, questions=90, **changes):
    return report(replace(case, **changes), questions=questions)


@pytest.fixture(scope="module")
def healthy(case):
    return diagnosed(case)


def test_a_healthy_run_has_no_finding_and_says_so(healthy):
    assert healthy.findings == [] and healthy.measured["ways"]["r1"] > 40
    assert "no fault was found" in str(healthy) and "R@1 is" in str(healthy)


def test_swapped_sides(case):
    model = copy.deepcopy(case.model)
    model.query_encoder, model.passage_encoder = model.passage_encoder, model.query_encoder
    assert diagnosed(case, model=model, start=None).faults == ["swapped-sides"]


def test_mask_ignored(case):
    model = copy.deepcopy(case.model)
    model.passage_encoder.heeds = model.query_encoder.heeds = False
    assert diagnosed(case, model=model).faults[0] == "mask-ignored"


@pytest.mark.parametrize("share", [1.0, 0.8])
def test_titles_missing_from_the_passages(case, share):
    passages = [{**p, "title": "" if i < share * len(case.passages) else p["title"]} for i, p in enumerate(case.passages)]
    assert diagnosed(case, passages=passages).faults[0] == "title-missing"


def test_prefix_of_training_missing(case):
    train = [{**s, "question": "query: " + s["question"]} for s in case.train]
    model = copy.deepcopy(case.model)
    token = case.tokenizer("query: ", add_special_tokens=False).input_ids[0]
    inner = model.query_encoder.forward

    def forward(ids, mask):
        """Return the usual vectors for texts with the prefix, and for other texts vectors that say nothing of their meaning."""
        other = torch.sin((ids * mask).sum(1, keepdim=True).float() * torch.arange(1, 257))  # (B, d)
        return torch.where(ids[:, 1:2] == token, inner(ids, mask), other)

    model.query_encoder.forward = forward
    assert diagnosed(case, model=model, train=train, start=None).faults[0] == "prefix-missing"


def test_answers_cut(case):
    assert "answers-cut" in diagnosed(case, max_length=24).faults


@pytest.mark.parametrize("style", ["pair", "joined", "text"])
def test_what_is_read_of_a_passage_never_holds_its_title(style):
    long = " ".join(f"word{i}" for i in range(200))
    passages = [{"id": "a", "title": "Paris", "text": "a city in France"}, {"id": "b", "title": "Rome", "text": long}]
    short, cut = read_texts(Case(None, load_tokenizer("toy"), passages=passages, style=style, max_length=60), passages)
    assert short == "a city in France" and 50 < len(cut) < len(long) and long.startswith(cut)
    nothing = read_texts(Case(None, load_tokenizer("toy"), passages=passages, style="joined", max_length=3), passages)
    assert all(len(text) < 5 for text in nothing)


def test_tokenizer_of_another_model(case, tmp_path):
    save_tokenizer(case.tokenizer, tmp_path)
    content = json.loads((tmp_path / "tokenizer.json").read_text())
    names = [n for n, i in sorted(content["model"]["vocab"].items(), key=lambda item: item[1]) if i > 9]
    ids = [content["model"]["vocab"][n] for n in names]
    random.Random(0).shuffle(names)
    content["model"]["vocab"].update(zip(names, ids))
    (tmp_path / "tokenizer.json").write_text(json.dumps(content))
    assert diagnosed(case, tokenizer=load_tokenizer(tmp_path)).faults == ["wrong-tokenizer"]


def test_collapse_is_told_from_a_common_direction(case):
    class Moved(torch.nn.Module):
        def __init__(self, inner, size, keep):
            super().__init__()
            self.inner, self.size, self.keep = inner, size, keep
            self.query_encoder, self.passage_encoder = inner.query_encoder, inner.passage_encoder

        def forward(self, *inputs):
            common = torch.ones(256)
            return tuple(
                None if V is None else self.size * common + V * (torch.arange(256) < self.keep) for V in self.inner(*inputs)
            )

    assert diagnosed(case, model=Moved(case.model, 5.0, 1), start=None).faults[0] == "collapse"
    common = diagnosed(case, model=Moved(case.model, 1000.0, 256), start=None)
    assert common.faults[0] == "anisotropy" and common.measured["geometry"]["cosine"] > 0.99


@pytest.mark.parametrize("side", ["query_encoder", "passage_encoder"])
def test_frozen_side(case, side):
    start = copy.deepcopy(case.start)
    setattr(start, side, copy.deepcopy(getattr(case.model, side)))
    found = diagnosed(case, start=start)
    assert found.faults == ["frozen-side"] and side.split("_")[0] in found.findings[0].measured


def test_shared_encoders(case):
    model = copy.deepcopy(case.model)
    model.passage_encoder.load_state_dict(model.query_encoder.state_dict())
    assert diagnosed(case, model=model, start=None).faults[0] == "shared-encoders"
    model.passage_encoder = model.query_encoder
    assert diagnosed(case, model=model, start=None).faults[0] == "shared-encoders"
    meant = replace(case.settings, tied=True)
    assert "shared-encoders" not in diagnosed(case, model=model, start=None, settings=meant).faults


def test_index_of_another_encoder(case):
    from dpr_course.diagnose.ways import Encoding

    own, old = (Encoding(replace(case, model=m)).vectors("passage", case.passages) for m in (case.model, BagDual(seed=3)))
    ids = [p["id"] for p in case.passages]
    assert diagnosed(case, vectors=Vectors(ids, own.numpy())).findings == []
    assert diagnosed(case, vectors=Vectors(ids, old.numpy())).faults == ["foreign-index"]
    assert diagnosed(case, vectors=Vectors(ids, own[:, :20].numpy().copy())).faults == ["foreign-index"]


def hits(case, k, twice=False):
    found = {}
    for s in case.validation:
        ids = [p["id"] for p in case.passages[:k]]
        found[s["id"]] = [(d, 0.0) for d in ([ids[0], *ids[:-1]] if twice else ids)]
    return found


def test_cut_off_and_ids_twice(case):
    assert diagnosed(case, hits=hits(case, 100)).faults == []
    assert diagnosed(case, hits=hits(case, 20)).faults == ["cut-off"]
    assert diagnosed(case, hits=hits(case, 100, twice=True)).faults == ["duplicate-ids"]
    assert diagnosed(case, passages=[*case.passages, case.passages[0]]).faults == ["duplicate-ids"]


def test_leaks(case):
    assert diagnosed(case, train=case.train + case.validation[:10]).faults == ["development-leak"]
    assert diagnosed(case, held_out=case.validation[:30]).faults == ["epoch-on-reported"]


@pytest.mark.parametrize("kind", ["gold", "copy", "bearing"])
def test_false_negatives_among_the_mined(case, kind):
    def negative(i, s):
        gold, other = s["gold_context"], case.passages[i % 40]
        if i % 5:
            return other
        if kind == "gold":
            return gold
        if kind == "copy":
            return {**gold, "id": "other", "text": gold["text"].rsplit(" ", 3)[0]}
        return {**other, "id": f"x{i}", "text": f"{other['text']} {s['answers'][0]}."}

    train = [{**s, "hard_negative": negative(i, s)} for i, s in enumerate(case.train)]
    found = diagnosed(case, train=train, settings=replace(case.settings, hard=True))
    assert found.faults == ["answer-bearing-negatives" if kind == "bearing" else "mined-golds"]


def test_duplicate_golds(case):
    train = [{**s, "gold_context": case.train[i % 4]["gold_context"]} if i % 2 else s for i, s in enumerate(case.train)]
    assert diagnosed(case, train=train).faults[0] == "duplicate-golds"


def test_few_negatives(case):
    assert diagnosed(case, settings=replace(case.settings, batch_size=2)).faults == []  # not found without a history


def test_pooling_of_the_checkpoint():
    """Wrong pooling is found: the toy encoder, pre-trained with mean pooling, is used here with the vector of the first token."""
    from dpr_course.pipeline.retriever import Retriever

    case = bag_case(40)
    retriever = Retriever.from_pretrained("toy", tied=True)
    found = diagnosed(
        case, 40, model=retriever.eval(), start=None, start_tokenizer=None, settings=replace(case.settings, tied=True)
    )
    assert found.faults == ["wrong-pooling"] and found.findings[0].numbers["way"] == "mean"


def test_candidates_of_a_notebook(case):
    from dpr_course.diagnose.from_notebook import _hits

    candidates = make_candidates(case.validation[:2], case.passages, [[0, 1], [1, 0]], [[2.0, 1.0], [3.0, 2.0]])
    assert _hits(candidates, case.validation[:2])[case.validation[0]["id"]] == [
        (case.passages[0]["id"], 2.0),
        (case.passages[1]["id"], 1.0),
    ]
