"""From measured numbers to findings: what counts as a fault, what does not, and which of two faults explains the other."""

import copy

import pytest

from dpr_course.diagnose.findings import EXPLAINS, TITLES, Finding, ordered
from dpr_course.diagnose.fits import fits
from dpr_course.diagnose.judge import judge

WAY = {"r1": 40.0, "gain": -20.0, "z": -5.0}
CHUNKS = {"4": {"loss": 2.8, "accuracy": 0.3}, "16": {"loss": 4.1, "accuracy": 0.15}, "32": {"loss": 4.7, "accuracy": 0.08}}
ENDS = {"4": {"loss": 0.22, "accuracy": 0.93}, "16": {"loss": 0.35, "accuracy": 0.88}, "32": {"loss": 0.5, "accuracy": 0.84}}
OTHERS = {
    "any": {"loss": 7.0, "accuracy": 0.02},
    "in order": {"loss": 6.8, "accuracy": 0.0},
    "cosine": {"loss": 4.05, "accuracy": 0.08},
}
HEALTHY = {
    "about": {"batch_size": 32, "meant_tied": False, "style": "pair", "question_prefix": "", "masks_copies": True, "train": 450, "passages": 1500, "questions": 1000},
    "notes": {"fingerprint": "right"},
    "ways": {"questions": 300, "passages": 600, "r1": 60.0, "pooling": "cls", "ways": {"exchanged": WAY, "pooling mean": WAY, "padding read": WAY, "read as text": WAY, "prefix query: / passage: ": WAY, "score cosine": WAY, "whitened": WAY, "questions centred": WAY}},
    "geometry": {"finite": True, "rank": 80.0, "question_rank": 90.0, "spread": 0.2, "question_spread": 0.4, "dimensions": 256, "cosine": 0.95, "cosine_centred": 0.0},
    "mask": {"shift": 0.0, "texts": 96},
    "tokenizer": {"unknown": 0.0, "highest": 9999, "rows": 10000, "same_as_start": True, "tokens": 20000},
    "truncation": {"questions": 300, "answers": 1.0, "cut": 0.11, "tokens_cut": 0.9, "r1_kept": 61.0, "r1_cut": 55.0, "max_length": 100},
    "sides": {"tied": False, "shared": False, "trainable": {"query_encoder": 1.0, "passage_encoder": 1.0}, "moved": {"query_encoder": 0.02, "passage_encoder": 0.025}, "still": {"query_encoder": 0.0, "passage_encoder": 0.0}},
    "training": {"steps": 45, "epochs": 3, "per_epoch": 30.0, "first": 4.6, "last": 0.5, "lowest": 0.4, "highest": 4.6, "first_accuracy": 0.09, "last_accuracy": 0.83, "finite": True, "travel": 0.007, "highest_rate": 3e-4, "passages": 64.0, "chance": 4.16},
    "replay": {"start": {"chunks": CHUNKS, "texts": 270, "recorded": {"loss": 4.6, "accuracy": 0.09}, **OTHERS}, "end": {"chunks": ENDS, "texts": 270, "recorded": {"loss": 0.55, "accuracy": 0.82}, **OTHERS, "cosine": {"loss": 4.05, "accuracy": 0.84}}},
    "batches": {"questions": 384, "batch_size": 32, "duplicates": 0.05, "exact": 0.05, "bearing": 0.005, "bearing_questions": 0.14, "chance": 0.005},
    "mined": {"negatives": 450, "golds": 0.0, "bearing": 0.0, "also": 0.0},
    "leak": {"questions": 0.0, "golds": 0.0, "held_questions": 0.0, "held_golds": 0.0, "held_reported": 0.0, "validation": 1000, "held": 50},
    "evaluation": {"recomputed": {1: 56.0, 5: 76.0, 20: 86.0, 100: 95.0}, "reported": {1: 56.0, 5: 76.0, 20: 86.0, 100: 95.0}, "ids": {"passages": 0, "questions": 0}, "choice": {}},
    "titles": {"train": 1.0, "passages": 1.0},
}  # fmt: skip


def with_(**changes):
    """Return a copy of HEALTHY with changed values: with_(mask__shift=0.3) sets found["mask"]["shift"]."""
    found = copy.deepcopy(HEALTHY)
    for path, value in changes.items():
        *parts, last = path.split("__")
        place = found
        for p in parts:
            place = place.setdefault(p, {})
        place[last] = value
    return found


def way(name, gain, z=5.0):
    found = copy.deepcopy(HEALTHY)
    found["ways"]["ways"][name] = {"r1": 60 + gain, "gain": gain, "z": z}
    return found


def test_numbers_of_a_healthy_run_give_no_finding():
    assert judge(HEALTHY) == []
    assert min(fits(HEALTHY), key=fits(HEALTHY).get) == "declared"


BATCH = {"mask": 0.0, "questions": 16, "labels": 1.0, "exchanged": False, "style": "pair", "blank": 0.0, "question_prefix": "", "passage_prefix": ""}  # fmt: skip
CASES = {
    "swapped-sides": [way("exchanged", 20), with_(notes__fingerprint="exchanged")],
    "wrong-pooling": [way("pooling mean", 15)],
    "mask-ignored": [way("padding read", 20), with_(mask__shift=0.3), with_(collate={"mask": 0.5, "questions": 16, "labels": 1.0, "exchanged": False})],
    "title-missing": [way("read as text", 12), with_(titles={"train": 1.0, "passages": 0.1})],
    "prefix-missing": [way("prefix query: / passage: ", 15), with_(collate=BATCH | {"passage_prefix": "passage :"}), with_(about__question_prefix="query: ", collate=BATCH)],
    "padding-wasted": [with_(collate=BATCH | {"blank": 0.7})],
    "answers-cut": [with_(truncation__cut=0.5)],
    "wrong-tokenizer": [with_(tokenizer__highest=12000), with_(tokenizer__unknown=0.6), with_(tokenizer__same_as_start=False)],
    "wrong-labels": [with_(replay__end__recorded={"loss": 3.5, "accuracy": 0.1}, training__last=3.5, training__last_accuracy=0.1), with_(loss={"follows": "order"}), with_(training__last=4.15, training__last_accuracy=0.02, ways__r1=1.0, replay={})],
    "learning-rate-high": [with_(training__finite=False), with_(sides__moved={"query_encoder": 0.5, "passage_encoder": 0.6}, training__last=4.1, training__last_accuracy=0.03, training__highest=9.0, replay={})],
    "learning-rate-low": [with_(sides__moved={"query_encoder": 1e-4, "passage_encoder": 1e-4}, training__last=4.4, training__last_accuracy=0.1, replay={})],
    "wrong-scale": [with_(training__last=3.6, replay={}), with_(training__last=9.0, replay={}, training__highest=12), with_(loss={"normalised": True, "temperature": 1.0})],
    "collapse": [with_(geometry__rank=1.5, ways__r1=2.0)],
    "anisotropy": [way("questions centred", 30)],
    "frozen-side": [with_(sides__still={"query_encoder": 0.0, "passage_encoder": 1.0}, sides__moved={"query_encoder": 0.02, "passage_encoder": 0.0})],
    "shared-encoders": [with_(sides__shared=True), with_(sides__tied=True)],
    "accumulation": [with_(training__per_epoch=4.0), with_(loss={"chunk": 4}), with_(replay__start__recorded={"loss": 2.75, "accuracy": 0.3}, replay__end__recorded={"loss": 0.2, "accuracy": 0.93})],
    "few-negatives": [with_(training__passages=4.0), with_(training__passages=2.0, training__chance=0.69, training__first=0.75, training__last=1.2, training__last_accuracy=0.88, training__highest=1.9, replay={})],
    "duplicate-golds": [with_(batches__duplicates=0.6)],
    "answer-bearing-negatives": [with_(mined__bearing=0.2), with_(batches__bearing_questions=0.8, batches__bearing=0.05)],
    "mined-golds": [with_(mined__golds=0.1)],
    "development-leak": [with_(leak__questions=0.1), with_(leak__golds=0.5)],
    "epoch-on-reported": [with_(leak__held_reported=0.9), with_(evaluation__choice={"best": 76.0, "reported": 5, "held_out": None, "possible": True})],
    "foreign-index": [with_(evaluation__index={"rows": 64, "share": 1.0, "difference": 0.9, "missing": 0}), with_(notes__fingerprint="other"), with_(evaluation__reported={1: 20.0, 5: 30.0, 20: 40.0, 100: 60.0})],
    "cut-off": [with_(evaluation__hits={"depth": 20, "questions": 1000, "twice": 0.0}), with_(evaluation__reported={1: 56.0, 5: 76.0, 20: 86.0, 100: 86.0})],
    "duplicate-ids": [with_(evaluation__hits={"depth": 100, "questions": 1000, "twice": 0.3}), with_(evaluation__ids={"passages": 3, "questions": 0})],
}  # fmt: skip


def test_every_fault_has_a_case():
    assert CASES.keys() == TITLES.keys()


@pytest.mark.parametrize(("fault", "place"), [(f, i) for f, cases in CASES.items() for i in range(len(cases))])
def test_the_fault_is_named_first(fault, place):
    found = judge(CASES[fault][place])
    assert found and found[0].fault == fault, [(f.fault, f.confidence) for f in found]
    first = found[0]
    assert 0.5 < first.confidence <= 1 and all((first.measured, first.data, first.meaning, first.advice, first.effect))


def test_a_prefix_that_the_tokenizer_spells_otherwise_is_the_same():
    assert judge(with_(collate=BATCH | {"question_prefix": "query :"}, about__question_prefix="Query: ")) == []


def test_a_gain_that_the_recorded_losses_contradict_is_no_fault():
    sick = way("pooling mean", 12)
    for part, loss in (("start", 1.6), ("end", 2.5)):
        sick["replay"][part]["ways"] = {"pooling mean": {"loss": loss, "accuracy": 0.5}}
    assert judge(sick) == []


def test_recorded_losses_show_a_way_whose_gain_is_small():
    sick = way("pooling mean", 2, z=1.0)
    for part, loss in (("start", 1.6), ("end", 0.3)):
        sick["replay"][part]["ways"] = {"pooling mean": {"loss": loss, "accuracy": 0.5}}
        sick["replay"][part]["recorded"] = {"loss": loss, "accuracy": 0.8}
        sick["replay"][part]["chunks"] = {"32": {"loss": 6.0, "accuracy": 0.5}}
    assert judge(sick)[0].fault == "wrong-pooling"


def made(fault, confidence):
    return Finding(fault, confidence, "m", "d", "means", "do", "expect")


def test_what_another_fault_explains_comes_last_and_says_so():
    found = ordered([made("few-negatives", 0.98), made("accumulation", 0.9)])
    assert [(f.fault, f.explained_by) for f in found] == [("accumulation", None), ("few-negatives", "accumulation")]
    assert found[1].confidence < found[0].confidence


def test_of_two_that_explain_one_another_the_surer_is_the_cause():
    for a, b in (("wrong-pooling", "mask-ignored"), ("mask-ignored", "wrong-pooling")):
        found = ordered([made(a, 0.7), made(b, 0.95)])
        assert [(f.fault, f.explained_by) for f in found] == [(b, None), (a, b)]


def test_explanations_name_faults():
    assert {*EXPLAINS, *(f for some in EXPLAINS.values() for f in some)} <= TITLES.keys()


def test_no_pooling_is_named_while_padding_moves_the_vectors():
    m = way("pooling mean", 15)
    m["ways"]["pooling"], m["mask"]["shift"] = None, 0.3
    assert [f.fault for f in judge(m)] == ["mask-ignored"]


def test_a_scale_far_better_than_all_else_is_named_though_it_fits_badly():
    m = with_(replay__start__recorded={"loss": 60.0, "accuracy": 0.08}, replay__end__recorded={"loss": 1.5, "accuracy": 0.84})
    m["replay"]["start"]["divide 0.05"], m["replay"]["end"]["divide 0.05"] = (
        {"loss": 90.0, "accuracy": 0.08},
        {"loss": 3.0, "accuracy": 0.84},
    )
    assert fits(m)["divide 0.05"] > 12 and judge(m)[0].fault == "wrong-scale"


def test_a_common_direction_counts_more_where_the_weights_are_not_the_trained_ones():
    m = way("questions centred", 16, 3.6)
    assert judge(m) == []
    m["first step"] = {
        "exact": ["declared"],
        "tried": {"declared": {"loss": 4.6, "accuracy": 0.09}},
        "recorded": {"loss": 4.6, "accuracy": 0.09},
        "temperatures": [],
        "travel": 0.0,
    }
    assert judge(m) == []
    m["replay"]["end"]["recorded"] = {"loss": 0.05, "accuracy": 1.0}
    assert [f.fault for f in judge(m)] == ["anisotropy"]


def test_the_sides_are_not_swapped_if_a_common_direction_explains_more():
    m = way("exchanged", 25)
    m["ways"]["ways"]["questions centred"] = {"r1": 110.0, "gain": 50.0, "z": 8.0}
    assert [f.fault for f in judge(m)] == ["anisotropy"]
