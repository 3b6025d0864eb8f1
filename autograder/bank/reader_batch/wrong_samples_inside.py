# mistake: the list of texts goes through the passages outside and the samples inside, but is cut as if all passages of sample 0 came first. Go through the samples outside.
# caught by: question, title and text
def reader_batch(tokenizer, samples, n_context, text_maxlength=200, answer_maxlength=32):
    texts, targets = [], []
    for j in range(n_context):
        for s in samples:
            p = s["ctxs"][j] if j < len(s["ctxs"]) else None
            texts.append(f"question: {s['question']} title: {p['title']} context: {p['text']}" if p else "")
    targets = [s.get("target") or s["answers"][0] for s in samples]
    read = tokenizer(texts, padding=True, truncation=True, max_length=text_maxlength, return_tensors="pt")
    written = tokenizer(targets, padding=True, truncation=True, max_length=answer_maxlength, return_tensors="pt")
    mask = read.attention_mask * torch.tensor([[text != ""] for text in texts])
    shape = len(samples), n_context, -1
    labels = written.input_ids.masked_fill(written.attention_mask == 0, -100)
    return read.input_ids.view(shape), mask.view(shape), labels
