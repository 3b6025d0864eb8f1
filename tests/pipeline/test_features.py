"""The features dictionary (token ids and masks of a data set): made, saved, loaded, and refused if a field is wrong."""

import json

import numpy as np
import pytest
import torch

from dpr_course.data import load_dpr
from dpr_course.pipeline.features import KEYS, FeaturesError, load_features, make_features, save_features, take, with_negatives
from dpr_course.worked_example import toy_samples


@pytest.fixture(scope="module")
def features(toy_nq, tokenizer):
    return make_features(toy_nq[0][:12], tokenizer, 64)[0]


def test_the_toy_in_full(tokenizer):
    samples = toy_samples()
    features, report = make_features(samples, tokenizer, 40)
    assert str(report) == "3 samples, 2 without a hard negative: these were given a random passage of another sample"
    assert set(features) == set(KEYS) and all(v.dtype == np.int32 for v in features.values())
    assert features["questions_input_ids"].shape == (3, 40) and features["ctx_input_ids"].shape == (3, 2, 40)
    assert features["labels"].tolist() == [0, 2, 4] and features["context_labels"].tolist() == [0, 1, 2]
    kept, _ = with_negatives(samples)
    for i, s in enumerate(kept):
        for slot, p in enumerate((s["gold_context"], s["hard_negative"])):
            n = features["ctx_attention_mask"][i, slot].sum()
            assert features["ctx_input_ids"][i, slot, :n].tolist() == tokenizer(p["title"], p["text"]).input_ids
            assert not features["ctx_input_ids"][i, slot, n:].any()
    assert not features["ctx_token_type_ids"].any()
    assert "hard_negative" not in samples[1], "the samples that came in are left as they are"


def test_missing_negatives_are_filled_by_seed_or_dropped(toy_nq):
    samples = toy_nq[0][:80]
    filled = [with_negatives(samples, "random", seed)[0] for seed in (1, 1, 2)]
    assert filled[0] == filled[1] != filled[2]
    golds = {s["gold_context"]["id"] for s in samples}
    for s in filled[0]:
        assert s["hard_negative"]["id"] in golds - {s["gold_context"]["id"]}
    for s in with_negatives(samples, "bm25")[0][:20]:
        assert s["hard_negative"]["id"] != s["gold_context"]["id"] and s["hard_negative"]["id"] in golds
    mixed = samples[:3] + filled[0][3:9]
    kept, report = with_negatives(mixed, "drop")
    assert kept == mixed[3:] and str(report) == "9 samples, 3 without a hard negative: these were left out"
    assert str(with_negatives(kept)[1]) == "6 samples, 0 without a hard negative"
    with pytest.raises(FeaturesError, match="no sample is left"):
        with_negatives(samples, "drop")
    with pytest.raises(FeaturesError, match=f"sample {samples[0]['id']}"):
        with_negatives(samples[:1], "random")
    with pytest.raises(ValueError, match="'keep'"):
        with_negatives(samples, "keep")


def test_a_fill_never_holds_an_answer():
    texts = ["Io", "also Io", "Europa"]
    golds = [{"id": f"p{i}", "title": "t", "text": text} for i, text in enumerate(texts)]
    samples = [{"id": f"q{i}", "question": "q", "answers": ["Io"], "gold_context": p} for i, p in enumerate(golds)]
    for seed in range(8):
        filled, _ = with_negatives([samples[0], samples[1], {**samples[2], "hard_negative": golds[0]}], "random", seed)
        assert [s["hard_negative"]["id"] for s in filled] == ["p2", "p2", "p0"]
        with pytest.raises(FeaturesError, match="sample q2"):
            with_negatives(samples, "random", seed)


def test_from_dprs_format(tokenizer, tmp_path):
    ctx = {"title": "Io", "text": "Io is a moon."}
    record = {"question": "what’s io", "answers": ["moon"], "positive_ctxs": [ctx], "negative_ctxs": []}
    records = [
        {**record, "hard_negative_ctxs": [{"title": None, "text": "Europa has ice."}]},
        {**record, "positive_ctxs": [{"title": "Titan", "text": "Fog."}], "hard_negative_ctxs": []},
        {**record, "positive_ctxs": [], "hard_negative_ctxs": []},
    ]
    (tmp_path / "dpr.json").write_text(json.dumps(records))
    features, report = make_features(load_dpr(tmp_path / "dpr.json"), tokenizer, 20, "drop")
    assert (report.samples, report.lacking) == (2, 1) and features["ctx_input_ids"].shape == (1, 2, 20)
    assert features["questions_input_ids"][0, :9].tolist() == (tokenizer("what's io").input_ids + [0] * 9)[:9]


def test_a_batch_loses_padding_only(features, reference):
    rows = [3, 0, 7]
    batch = take(features, rows)
    T = features["ctx_attention_mask"][rows].sum(-1).max()
    assert batch["ctx_input_ids"].shape == (3, 2, T) and batch["questions_input_ids"].shape[1] < 64
    assert all(v.dtype == torch.int32 for v in batch.values()) and len(batch) == 6
    model = reference["make_dual_encoder"]().eval()
    short = model(batch["questions_input_ids"], batch["questions_attention_mask"])[0]
    full = model(*(torch.from_numpy(features[f"questions_{p}"][rows]) for p in ("input_ids", "attention_mask")))[0]
    assert torch.allclose(short, full, atol=1e-4)


def test_what_was_saved_comes_back(features, tmp_path):
    save_features(tmp_path / "train.npz", features)
    back = load_features(tmp_path / "train.npz")
    assert all(np.array_equal(back[k], features[k]) and back[k].dtype == np.int32 for k in KEYS)
    assert [p.name for p in tmp_path.iterdir()] == ["train.npz"]


def changed(features, key, change):
    copy = {k: v.copy() for k, v in features.items()}
    copy[key] = change(copy[key])
    return copy


def with_value(place, value):
    def change(a):
        a[place] = value
        return a

    return change


@pytest.mark.parametrize("key", KEYS)
def test_each_field_is_checked(features, key, tmp_path):
    damages = [
        ({k: v for k, v in features.items() if k != key}, "is missing"),
        (changed(features, key, lambda a: a.astype(np.int64)), "must be int32"),
        (changed(features, key, lambda a: a[:-1]), "must have shape"),
        (changed(features, key, lambda a: a[..., None]), "must have shape"),
        (changed(features, key, with_value((..., -1), -1)), "must be"),
    ]
    for damaged, words in damages:
        np.savez(tmp_path / "x.npz", **damaged)
        with pytest.raises(FeaturesError) as e:
            load_features(tmp_path / "x.npz")
        message = str(e.value)
        assert "x.npz" in message and words in message
        # The first dimension of every field is the number of questions. If questions_input_ids is cut, another field is named.
        assert repr(key) in message or (key == "questions_input_ids" and "must have shape" in words)
        with pytest.raises(FeaturesError):
            save_features(tmp_path / "y.npz", damaged)
    assert not (tmp_path / "y.npz").exists()


def test_other_files_are_refused(features, tmp_path):
    with pytest.raises(FeaturesError, match="no such file"):
        load_features(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("hello")
    np.savez(tmp_path / "extra.npz", **features, more=np.zeros(2))
    np.savez(tmp_path / "objects.npz", **changed(features, "labels", lambda a: a.astype(object)))
    save_features(tmp_path / "cut.npz", features)
    (tmp_path / "cut.npz").write_bytes((tmp_path / "cut.npz").read_bytes()[:-200])
    np.save(tmp_path / "one.npy", np.zeros(3))
    (tmp_path / "one.npy").rename(tmp_path / "one.npz")
    for name, words in (
        ("text", "not a .npz file"),
        ("extra", "'more'"),
        ("objects", "Python objects"),
        ("cut", "not a .npz file"),
        ("one", "one bare array"),
    ):
        with pytest.raises(FeaturesError, match=words):
            load_features(tmp_path / f"{name}.npz")
