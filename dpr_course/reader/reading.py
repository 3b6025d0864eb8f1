"""Lets a reader answer all questions of a list of samples, and score their passages."""

import torch
import torch.nn.functional as F

from dpr_course.files import replacing
from dpr_course.pipeline.distributed import collect, rank, world
from dpr_course.reader.attention import first_token_logits, passage_scores
from dpr_course.reader.batch import reader_batch
from dpr_course.reader.decode import ANSWER_TOKENS, spans_of, word_starts, write
from dpr_course.reader.fusion import fuse
from dpr_course.runtime import device_of, progress


@torch.inference_mode()
def read_all(
    model, tokenizer, samples, n_context, text_maxlength=200, answer_maxlength=ANSWER_TOKENS, batch_size=16, copied=True,
    scored=False, beams=1, length_penalty=1.0,
):  # fmt: skip
    """Return the reader's answers to N samples, a list of strings, and its scores of their passages, a tensor or None.

    n_context  number of passages read per sample, the first in "ctxs"
    copied     whether an answer must be a sequence of words that occurs in the passages
    scored     whether to score the passages with `passage_scores`. If so, the tensor is (N, n_context), with -inf for missing
               passages; otherwise None is returned in its place.

    For the other parameters see `reader_batch` and `write`. In a run of several processes, each process reads a part of the
    questions, and every process returns the result for all questions.
    """
    model.eval()
    starts, device = word_starts(tokenizer) if copied else None, device_of(model)
    samples = [{"question": s["question"], "answers": [""], "ctxs": s["ctxs"][:n_context]} for s in samples]
    # Questions with passages of similar length share a batch, which saves padding.
    order = sorted(range(len(samples)), key=lambda i: sum(len(p["text"]) for p in samples[i]["ctxs"]))[rank() :: world()]
    bar, found = progress(total=len(order), desc="reading", unit="question", leave=False, delay=2), []
    with bar:
        for a in range(0, len(order), batch_size):
            rows = order[a : a + batch_size]
            batch = [samples[i] for i in rows]
            n = max(len(s["ctxs"]) for s in batch)
            ids, mask, _ = (t.to(device) for t in reader_batch(tokenizer, batch, n, text_maxlength))
            encoded, flat = fuse(model, ids, mask)
            spans = [spans_of(tokenizer, s["ctxs"], starts) for s in batch] if copied else None
            texts = write(model, tokenizer, encoded, flat, spans, beams, length_penalty, max_tokens=answer_maxlength)
            G = [None] * len(batch)
            if scored:
                G = passage_scores(first_token_logits(model, encoded, flat), mask)  # (B, n), n <= n_context
                G = F.pad(G, (0, n_context - n), value=float("-inf")).tolist()
            found += zip(rows, texts, G)
            bar.update(len(rows))
    found = sorted(collect(found))
    return [text for _, text, _ in found], torch.tensor([row for *_, row in found]) if scored else None


def answer_all(model, tokenizer, questions, contexts, copied=True, beams=1, batch_size=16, length_penalty=1.0):
    """Return the reader's answers to a list of questions. `contexts` has one list of passages per question. See `read_all`."""
    samples = [{"question": q, "ctxs": passages} for q, passages in zip(questions, contexts, strict=True)]
    answers, _ = read_all(
        model, tokenizer, samples, max(map(len, contexts)), batch_size=batch_size, copied=copied, beams=beams,
        length_penalty=length_penalty,
    )  # fmt: skip
    return answers


def write_answers(path, samples, answers):
    """Write one line `id<TAB>answer` per sample, as FiD does. Line breaks and tabs in an answer become spaces."""
    with replacing(path) as part, open(part, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{s['id']}\t{' '.join(answer.split())}\n" for s, answer in zip(samples, answers))
