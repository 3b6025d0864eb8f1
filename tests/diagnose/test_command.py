"""`dpr-course diagnose` as a user types it, on a complete or damaged folder of `dpr-course train`."""

import json
import shutil

import pytest

from dpr_course.cli import main
from dpr_course.data import load_toy_nq
from dpr_course.diagnose.case import DiagnoseError
from dpr_course.diagnose.from_notebook import diagnose
from dpr_course.diagnose.from_pairs import case_from_pairs, samples_of

CONFIG = "model: {{tied: {tied}}}\ndata: {{train: {0}/train.jsonl, validation: {0}/val.jsonl, passages: {0}/passages.jsonl, held_out: 5}}\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a folder like those that `dpr-course train` writes, with the untrained encoder and a history whose loss never falls."""
    from dpr_course.pipeline.config import load_config
    from dpr_course.pipeline.retriever import Retriever

    folder = tmp_path_factory.mktemp("diagnosed")
    train, validation, passages = load_toy_nq()
    some = validation[:40]
    golds = {s["gold_context"]["id"] for s in some}
    files = {"train": train[:60], "val": some, "passages": [p for p in passages if p["id"] in golds]}
    for name, records in files.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    (folder / "run.yaml").write_text(CONFIG.format(folder, tied="false"), encoding="utf-8")
    steps = [{"step": i, "epoch": 1, "loss": 5.0, "accuracy": 0.05, "lr": 1e-7} for i in range(1, 3)]
    history = {"steps": steps, "epochs": [{"epoch": 1, "step": 2, "score": 20.0}], "best_epoch": 1}
    texts = {"config.yaml": load_config(folder / "run.yaml").to_yaml(), "history.json": json.dumps(history)}
    Retriever.from_pretrained("toy").save(folder / "model", texts)
    return folder / "model"


@pytest.fixture
def copied(run, tmp_path):
    return shutil.copytree(run, tmp_path / "model")


def told(capsys, *arguments):
    main(["diagnose", *map(str, arguments)])
    return capsys.readouterr().out


def test_the_json_and_the_pictures(run, tmp_path, capsys):
    found = json.loads(told(capsys, run, "--json", "--seconds", "0.01", "--plot", tmp_path / "pictures"))
    first = found["findings"][0]
    assert first["fault"] == "shared-encoders"  # both encoders still have equal weights, although the run declares two
    assert "learning-rate-low" in [f["fault"] for f in found["findings"]]
    assert {"fault", "confidence", "measured", "advice", "meaning", "effect", "data", "explained_by"} <= first.keys()
    assert all(0 < f["confidence"] <= 1 and f["measured"] for f in found["findings"]) and found["measured"]["ways"]["r1"] >= 0
    names = {p.stem for p in (tmp_path / "pictures").glob("*.png")}
    parts = "scores similarities spectrum layers gradients false_negatives"
    assert names == {f"diagnose_{n}" for n in parts.split()}
    assert all(p.with_suffix(".txt").read_text() for p in (tmp_path / "pictures").glob("*.png"))


def test_the_list_of_faults(capsys):
    assert "mined-golds" in told(capsys, "--list")


@pytest.mark.parametrize(
    ("damage", "part"),
    [
        (lambda folder: (folder / "retriever.json").unlink(), "holds no retriever.json"),
        (lambda folder: (folder / "retriever.json").write_text("{"), "not valid JSON"),
        (lambda folder: (folder / "config.yaml").unlink(), "give a run's file with --data"),
        (lambda folder: (folder / "config.yaml").write_text("data: {train: absent.jsonl}"), "absent.jsonl"),
        (lambda folder: (folder / "history.json").write_text('{"losses": []}'), "history.json"),
        (lambda folder: (folder / "query_encoder" / "model.safetensors").write_bytes(b"x"), "cannot be loaded"),
        (lambda folder: shutil.rmtree(folder), "no such folder"),
    ],
)
def test_a_damaged_folder_ends_in_one_message(copied, damage, part):
    damage(copied)
    with pytest.raises(SystemExit) as end:
        main(["diagnose", str(copied)])
    assert str(end.value).startswith("dpr-course diagnose: ") and part in str(end.value)


@pytest.mark.parametrize("arguments", [(), ("--seconds", "0", "x")])
def test_wrong_options_end_in_one_message(arguments):
    with pytest.raises(SystemExit) as end:
        main(["diagnose", *arguments])
    assert str(end.value).startswith("dpr-course diagnose: ")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (dict(), "needs a run's folder, or a model and data"),
        (dict(model=1, data=([], [])), "data must be"),
        (dict(run={"steps": []}, model=1, data=([], [], [])), "History"),
    ],
)
def test_what_a_notebook_can_get_wrong(arguments, part):
    with pytest.raises(DiagnoseError, match=part):
        diagnose(**arguments)


def test_pairs_become_samples():
    samples = samples_of([("a", "x"), ("b", "x", "y")])
    assert [s["gold_context"]["id"] for s in samples] == ["p000000", "p000000"] and samples[1]["hard_negative"]["id"] == "p000001"
    with pytest.raises(DiagnoseError, match="pair 1"):
        samples_of([("a", "x"), ("b",)])
    with pytest.raises(DiagnoseError, match="no tokenizer"):
        case_from_pairs(object(), [("a", "x")])


def test_a_model_of_sentence_transformers_kind():
    """A model is diagnosed if it has the attributes and outputs of a sentence-transformers model, whatever its class.

    The model here gives [CLS] vectors of the toy encoder, which was pre-trained with mean pooling.
    """
    import torch

    from dpr_course.diagnose.from_notebook import report
    from dpr_course.encoders import load_encoder, load_tokenizer

    class Pooled(torch.nn.Module):
        max_seq_length, similarity_fn_name, prompts = 100, "cosine", {"query": ""}

        def __init__(self):
            super().__init__()
            self.auto_model, self.tokenizer = load_encoder(), load_tokenizer()

        def forward(self, features):
            H = self.auto_model(**features).last_hidden_state  # (N, T, d)
            return {"sentence_embedding": H[:, 0]}

    samples = load_toy_nq()[1][:40]
    pairs = [(s["question"], s["gold_context"]["text"]) for s in samples]
    found = report(case_from_pairs(Pooled(), pairs), questions=40)
    assert found.faults == ["wrong-pooling"] and found.findings[0].numbers["way"] == "mean"
