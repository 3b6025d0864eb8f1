def reader_batch(tokenizer, samples, n_context, text_maxlength=200, answer_maxlength=32):
    rows = []
    for s in samples:
        for p in (s["ctxs"] + [None] * n_context)[:n_context]:
            text = p and " ".join(["question:", s["question"], "title:", p["title"], "context:", p["text"]])
            rows.append({"input_ids": tokenizer.encode(text, truncation=True, max_length=text_maxlength) if p else []})
    read = tokenizer.pad(rows, return_tensors="pt")
    targets = [
        {"input_ids": tokenizer.encode(s.get("target") or s["answers"][0], truncation=True, max_length=answer_maxlength)}
        for s in samples
    ]
    written = tokenizer.pad(targets, return_tensors="pt")
    labels = torch.where(written["attention_mask"].bool(), written["input_ids"], torch.tensor(-100))
    mask = torch.zeros_like(read["input_ids"])
    for row, given in zip(mask, rows):
        row[: len(given["input_ids"])] = 1
    return read["input_ids"].unflatten(0, (-1, n_context)), mask.unflatten(0, (-1, n_context)), labels
