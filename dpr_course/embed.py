"""Fast loops that turn texts into vectors with a trained dual encoder.

Texts are sorted by length first, so that a batch holds little padding. The vectors are returned in the original order, in
float32 on the CPU. On a CUDA GPU the encoder runs in bfloat16.
"""

import torch

from dpr_course.runtime import device_of, mixed_precision, progress


def _embed(encode, encodings, batch_size, pad, desc, device):
    """Return the vectors (N, d) of N texts, in the order of `encodings`.

    encode     function (token ids (B, T), mask (B, T)) -> vectors (B, d)
    encodings  N lists of token ids, which are batched in order of length
    pad        id of the padding token
    desc       text in front of the progress bar
    """
    order = sorted(range(len(encodings)), key=lambda i: len(encodings[i]), reverse=True)
    vectors = [None] * len(order)
    bar = progress(total=len(order), desc=desc, unit="text", leave=False, delay=2)
    with torch.inference_mode(), mixed_precision(device), bar:
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            T = len(encodings[chosen[0]])  # the longest text comes first
            ids = torch.full((len(chosen), T), pad)
            mask = torch.zeros((len(chosen), T), dtype=torch.long)
            for row, i in enumerate(chosen):
                n = len(encodings[i])
                ids[row, :n] = torch.tensor(encodings[i])
                mask[row, :n] = 1
            for i, vector in zip(chosen, encode(ids.to(device), mask.to(device)).float().cpu()):
                vectors[i] = vector
            bar.update(len(chosen))
    return torch.stack(vectors)


def _run(model, side, encodings, tokenizer, batch_size):
    if not encodings:
        raise ValueError("there is nothing to embed: the list is empty")

    def encode(ids, mask):
        if side == "question":
            return model(ids, mask, None, None)[0]
        return model(None, None, ids, mask)[1]

    was_training = model.training
    model.eval()  # dropout would make the vectors of the same text differ
    try:
        return _embed(encode, encodings, batch_size, tokenizer.pad_token_id, f"embedding {side}s", device_of(model))
    finally:
        model.train(was_training)


def as_read(passages, tokenizer, max_length=100):
    """Return copies of the passages, with each text cut off where an encoder stops reading it.

    An encoder reads the first `max_length` tokens of a passage, title and special tokens included. The tokenizer must be a fast
    one, because only a fast one tells the position of each token in the text.
    """
    titles, texts = [p["title"] for p in passages], [p["text"] for p in passages]
    pairs = tokenizer(titles, texts, truncation=True, max_length=max_length, return_offsets_mapping=True)
    read = []
    for i, p in enumerate(passages):
        ends = [end for (_, end), part in zip(pairs["offset_mapping"][i], pairs.sequence_ids(i)) if part == 1]
        read.append({**p, "text": p["text"][: max(ends, default=0)]})
    return read


def embed_questions(model, samples, tokenizer, max_length=100, batch_size=64):
    """Return the vectors (N, d) of the samples' questions: the first output of `model(Q, Q_mask, None, None)`."""
    texts = [s["question"] for s in samples]
    encodings = tokenizer(texts, truncation=True, max_length=max_length).input_ids if texts else []
    return _run(model, "question", encodings, tokenizer, batch_size)


def embed_passages(model, passages, tokenizer, max_length=100, batch_size=64):
    """Return the vectors (N, d) of `passages`: the second output of `model(None, None, P, P_mask)`.

    A passage is tokenized as the pair (title, text), as in training.
    """
    titles, texts = [p["title"] for p in passages], [p["text"] for p in passages]
    encodings = tokenizer(titles, texts, truncation=True, max_length=max_length).input_ids if texts else []
    return _run(model, "passage", encodings, tokenizer, batch_size)
