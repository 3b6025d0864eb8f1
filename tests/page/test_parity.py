"""For 1,200 questions, the page finds the same tokens and the same first passage as torch, in Node and in Chromium."""

import json
import shutil
import subprocess

import numpy as np
import pytest
from odd_questions import odd_questions

from dpr_course.bm25 import bm25_candidates
from dpr_course.page.columns import rounded
from dpr_course.page.quantise import restore

LABELS = ["BM25", "moved"]


@pytest.fixture(scope="module")
def asked(page):
    """Return (questions, token ids, query vectors (n, d), scores (n, N)) as torch computes them: 1,000 known and 200 odd questions."""
    questions = [s["question"] for s in page.samples] + odd_questions(page.samples)
    retriever = rounded(page.moved)
    ids = retriever.tokenizer(questions, truncation=True, max_length=retriever.max_length).input_ids
    X = retriever.encode_questions(questions).numpy()
    numbers, scales, mean = (a.astype(np.float64) for a in page.columns[-1].vectors)
    return questions, ids, X, X @ (numbers * scales[:, None] + mean).T  # in float64, so that only the vectors can differ


def same(told, asked, page):
    """Assert that the page's results `told` equal those of torch in `asked` and, for BM25, those of the course's own function."""
    questions, ids, X, scores = asked
    found = told["columns"]["moved"]
    assert [q for q, a, b in zip(questions, found["ids"], ids) if a != b] == []
    np.testing.assert_allclose(np.array(found["vectors"]), X[: len(found["vectors"])], atol=2e-4)
    first = np.array(found["first"])
    gaps = scores.max(axis=1) - scores[np.arange(len(first)), first]  # 0 where both have the same first passage
    differ = np.flatnonzero(first != scores.argmax(axis=1))
    assert not [i for i in differ if i < len(page.samples)], "every known question has the first passage that torch gives it"
    # torch's float32 vectors differ from those in float64 by 1e-6, which gives 1e-4 in a score, a sum of 256 products.
    assert len(differ) <= 2 and gaps.max() < 1e-4, [(questions[i], gaps[i], first[i]) for i in differ]
    samples = [{"question": q, "answers": [], "gold_context": {"id": "", "title": ""}} for q in questions]
    words = bm25_candidates(samples, page.passages, k=1500)
    for first, candidate in zip(told["columns"]["BM25"]["first"], words):
        values = dict(zip(candidate["topk_indices"], candidate["topk_values"]))
        assert values[first] == pytest.approx(candidate["topk_values"][0], abs=1e-4), candidate["question"]


def test_in_node_tokens_and_first_passages_are_those_of_torch(page, asked, root, tmp_path):
    if shutil.which("node") is None:
        pytest.skip("Node is not installed: the page's program is tested in Chromium only")
    (tmp_path / "questions.json").write_text(json.dumps(asked[0]))
    command = ["node", str(root / "autograder" / "bench" / "ask_all.js"), str(page.path), str(tmp_path / "questions.json"), *LABELS]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    same(json.loads(done.stdout), asked, page)


def test_in_chromium_tokens_and_first_passages_are_those_of_torch(page, asked, browser, root):
    browser.open(page.path)
    browser.wait("window.retrievers && retrievers.ready")
    program = (root / "autograder" / "bench" / "ask_all.js").read_text(encoding="utf-8")
    told = browser.run(f"{program}; JSON.stringify(askAll(retrievers.room, {json.dumps(asked[0])}, {json.dumps(LABELS)}))")
    same(json.loads(told), asked, page)


def test_int8_finds_as_much_as_float32(page):
    Y = page.moved.encode_passages(page.passages).numpy()
    numbers = {p["id"]: i for i, p in enumerate(page.passages)}
    gold = np.array([numbers[s["gold_context"]["id"]] for s in page.samples])
    questions = [s["question"] for s in page.samples]
    exact = page.moved.encode_questions(questions).numpy() @ Y.T
    small = rounded(page.moved).encode_questions(questions).numpy() @ restore(*page.columns[-1].vectors).T
    for k in (1, 5, 20):
        found = [100 * (np.argsort(-S, axis=1)[:, :k] == gold[:, None]).any(axis=1).mean() for S in (exact, small)]
        assert abs(found[0] - found[1]) <= (0.5 if k == 1 else 1.5), (k, found)
