"""The sentence that a check shows for a wrong answer is true of that answer."""

import pytest

from autograder.proof.bank import define
from dpr_course.checks import CHECKS, verdict

COLLATE = """
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels = [], []
    for s in samples:
        labels.append({label})
        passages.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    q = tokenizer([s["question"] for s in samples], **options)
    p = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, torch.tensor({labels})
"""
MASKED = """
def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    gold = torch.zeros_like(S, dtype=torch.bool).scatter(1, labels[:, None], True)
    copies = (P.masked_fill(P_mask == 0, -1)[labels][:, None] == P.masked_fill(P_mask == 0, -1)[None]).all(2)
    {rest}
"""
COUNT = "len(X)"


def told(exercise, code):
    """Return {name of a failing test: the message that the student reads}."""
    result = verdict(exercise, *define(exercise, code, CHECKS[exercise].names).values())
    return {t.name: t.message for t in result.tests if not t.passed}


@pytest.mark.parametrize(
    "label, labels, sentence",
    [
        (
            "len(passages) + 2 * use_hard_negative",
            "labels",
            "labels[0] is 2, and that row of P is the gold passage of another question.",
        ),
        ("len(passages) + 3 * use_hard_negative", "labels", "labels[0] is 3, and that row of P is a hard negative."),
        ("len(passages)", "labels[:-1] + [labels[-1] + 5 * use_hard_negative]", "labels[3] is 11, and P has no such row."),
    ],
)
def test_labels_are_told_beside_the_rows_of_P(label, labels, sentence):
    messages = told("tensorize_contrastive", COLLATE.format(label=label, labels=labels))
    assert messages["hard negatives"] == f"The rows of P are right, but {sentence}"


@pytest.mark.parametrize(
    "rest, sentence",
    [
        (
            "return -(S.log_softmax(1) * copies / copies.sum(1, keepdim=True)).sum(1).mean(), 0",
            "is treated as a right answer: a copy",
        ),
        (
            "return (S * gold).sum() * 0 + S.masked_fill(gold, -1e9).logsumexp(1).mean(), 0",
            "The gold passage itself is masked, has no part",
        ),
        ("return torch.nn.functional.cross_entropy(S, (labels + 1) % S.shape[1]), 0", "is treated as a right answer: "),
        (
            "return torch.nn.functional.cross_entropy(-S.masked_fill(copies & ~gold, float('inf')), labels), 0",
            "the scores, or the loss, negated?",
        ),
    ],
)
def test_a_second_right_answer_is_told_before_a_gold_passage_that_seems_masked(rest, sentence):
    messages = told("get_masked_contrastive_loss", MASKED.format(rest=rest))
    assert any(sentence in m for m in messages.values()), messages
