def reader_batch(tokenizer, samples, n_context, text_maxlength=200, answer_maxlength=32):
    blank = {"title": "", "text": ""}
    filled = [(s["ctxs"] + [blank] * n_context)[:n_context] for s in samples]
    texts = [
        "question: {} title: {} context: {}".format(s["question"], p["title"], p["text"])
        for s, ps in zip(samples, filled)
        for p in ps
    ]
    read = tokenizer(texts, padding="max_length", truncation=True, max_length=text_maxlength, return_tensors="pt")
    ids, mask = (read[k].view(len(samples), n_context, -1) for k in ("input_ids", "attention_mask"))
    for b, s in enumerate(samples):
        mask[b, len(s["ctxs"]) :] = 0
    targets = [s.get("target") or s["answers"][0] for s in samples]
    labels = tokenizer(targets, padding=True, truncation=True, max_length=answer_maxlength, return_tensors="pt").input_ids
    labels[labels == tokenizer.pad_token_id] = -100
    return ids, mask, labels
