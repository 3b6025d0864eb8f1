"""In the clinic, students diagnose six runs made from one healthy run. Each has its one fault, and the notebook names none."""

import json
import re

import pytest
import torch

from autograder.authoring.clinic import CLINIC, read_clinic
from autograder.places import NOTEBOOKS
from dpr_course.diagnose.case import Case, Settings
from dpr_course.diagnose.clinic import ANSWERS, patients
from dpr_course.diagnose.findings import TITLES
from dpr_course.diagnose.from_notebook import report
from dpr_course.pipeline.retriever import Retriever


@pytest.fixture(scope="module")
def sick(toy_nq):
    """Return (healthy case, {letter: case with a fault}). The model is the toy retriever with noise; the questions are few."""
    train, validation, passages = toy_nq
    start, model = Retriever.from_pretrained("toy").eval(), Retriever.from_pretrained("toy").eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for p in model.parameters():
            p += 0.02 * p.std(correction=0) * torch.randn(p.shape, generator=generator)
    golds = {s["gold_context"]["id"] for s in validation[:20]}
    case = Case(
        model, model.tokenizer, train=train[:40], validation=validation[:20], passages=[p for p in passages if p["id"] in golds], start=start,
        start_tokenizer=model.tokenizer, settings=Settings(8, False, 1e-3, False), masks_copies=True,
    )  # fmt: skip
    return case, patients(case)


def test_each_patient_has_its_fault_by_the_weights_and_texts_alone(sick):
    healthy, runs = sick
    assert runs.keys() == ANSWERS.keys() and set(ANSWERS.values()) <= TITLES.keys()
    assert runs["A"].model.query_encoder is healthy.model.passage_encoder
    assert runs["B"].model is healthy.model  # the notebook says that its R@1 equals that of the healthy run
    parts = ("sides", "titles", "mined", "geometry", "mask", "evaluation", "leak")
    for letter in "BCDEF":
        assert report(runs[letter], questions=20, only=parts).faults[0] == ANSWERS[letter], letter


def test_the_notebook_is_built_from_its_source_and_names_no_answer():
    committed = json.loads((NOTEBOOKS / CLINIC).read_text(encoding="utf-8"))
    setup = "".join(committed["cells"][1]["source"])
    assert [c["source"] for c in read_clinic(setup)["cells"]] == ["".join(c["source"]) for c in committed["cells"]]
    text = "\n".join("".join(c["source"]) for c in committed["cells"])
    assert not [fault for fault in set(ANSWERS.values()) if fault in text] and "start(" in setup
    assert not any(c.get("outputs") for c in committed["cells"])
    assert all(
        len(c["source"].split()) <= 80
        for c in read_clinic(setup)["cells"]
        if c["cell_type"] == "markdown" and "Read on" not in c["source"]
    )
    assert re.search(r"\(06_experiments/06_experiments\.ipynb\)", text)
