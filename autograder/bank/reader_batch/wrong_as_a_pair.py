# mistake: question and passage go to the tokenizer as two texts, and each gets its own </s>. A row is one text.
# caught by: question, title and text
def reader_batch(tokenizer, samples, n_context, text_maxlength=200, answer_maxlength=32):
    first, second, there, targets = [], [], [], []
    for s in samples:
        for j in range(n_context):
            p = s["ctxs"][j] if j < len(s["ctxs"]) else None
            there.append(int(p is not None))
            first.append(f"question: {s['question']}" if p else "")
            second.append(f"title: {p['title']} context: {p['text']}" if p else "")
        targets.append(s.get("target") or s["answers"][0])
    read = tokenizer(first, second, padding=True, truncation=True, max_length=text_maxlength, return_tensors="pt")
    written = tokenizer(targets, padding=True, truncation=True, max_length=answer_maxlength, return_tensors="pt")
    mask = read.attention_mask * torch.tensor(there)[:, None]
    shape = len(samples), n_context, -1
    labels = written.input_ids.masked_fill(written.attention_mask == 0, -100)
    return read.input_ids.view(shape), mask.view(shape), labels
