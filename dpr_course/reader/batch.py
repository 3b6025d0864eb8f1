"""The reader's batch: n texts per question, each made of the question and one passage (FiD, Izacard and Grave 2021)."""

import torch


def reader_text(question, passage):
    """Return the text that the encoder reads: "question: … title: … context: …"."""
    return f"question: {question} title: {passage['title']} context: {passage['text']}"


def pad_rows(rows, fill):
    """Return `rows`, lists of token ids, as a tensor (rows, length of the longest row), padded on the right with `fill`."""
    T = max(map(len, rows))
    return torch.tensor([row + [fill] * (T - len(row)) for row in rows])


def reader_batch(tokenizer, samples, n_context, text_maxlength=200, answer_maxlength=32):
    """Return token ids and mask (B, n, L) and labels (B, T) for B samples with passages in "ctxs".

    n_context         number n of passages per sample: the first n in "ctxs"; a missing one becomes a row of padding with mask 0
    text_maxlength    maximum number of tokens of a text (question and passage together), </s> included
    answer_maxlength  maximum number of tokens of an answer, </s> included

    Labels are the tokens of the sample's "target" or, without a target, of its first answer. After the end of the answer they
    are -100, which the loss ignores.
    """
    rows, targets = [], []
    for s in samples:
        found = [reader_text(s["question"], p) for p in s["ctxs"][:n_context]]
        rows += tokenizer(found, truncation=True, max_length=text_maxlength).input_ids if found else []
        rows += [[]] * (n_context - len(found))
        targets.append(s.get("target") or s["answers"][0])
    shape = len(samples), n_context, -1
    ids, mask = pad_rows(rows, tokenizer.pad_token_id), pad_rows([[1] * len(row) for row in rows], 0)
    labels = pad_rows(tokenizer(targets, truncation=True, max_length=answer_maxlength).input_ids, -100)
    return ids.view(shape), mask.view(shape), labels
