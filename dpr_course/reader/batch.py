"""The reader's batch: n texts per question, each with the question and one passage (FiD, Izacard and Grave 2021)."""

import torch


def reader_text(question, passage):
    """Return the text that the encoder reads: "question: … title: … context: …"."""
    return f"question: {question} title: {passage['title']} context: {passage['text']}"


def pad_rows(rows, fill):
    """Return lists of token ids as a tensor (number of rows, longest row), padded with `fill`."""
    T = max(map(len, rows))
    return torch.tensor([row + [fill] * (T - len(row)) for row in rows])


def reader_batch(tokenizer, questions, contexts, text_maxlength=200):
    """Return ids and mask, both (B, n, L), for B questions and their lists of n passages each.

    text_maxlength: most tokens of a text, </s> included. ValueError if a question has more or fewer passages than the first.
    """
    n = len(contexts[0])
    for i, passages in enumerate(contexts):
        if len(passages) != n or not n:
            raise ValueError(
                f"question {i} has {len(passages)} passages, but the first has {n}; all need the same number, one or more"
            )
    texts = [reader_text(q, p) for q, passages in zip(questions, contexts, strict=True) for p in passages]
    rows = tokenizer(texts, truncation=True, max_length=text_maxlength).input_ids
    ids = pad_rows(rows, tokenizer.pad_token_id)
    mask = pad_rows([[1] * len(row) for row in rows], 0)
    return ids.view(len(questions), n, -1), mask.view(len(questions), n, -1)


def answer_labels(tokenizer, answers, answer_maxlength=32):
    """Return labels (B, T): the answers' tokens and </s>; after the end of an answer -100, which the loss ignores."""
    return pad_rows(tokenizer(answers, truncation=True, max_length=answer_maxlength).input_ids, -100)
