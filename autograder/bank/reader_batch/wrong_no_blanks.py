# mistake: there is no blank between the parts of a text, or another sign than a blank. Write it as shown.
# caught by: question, title and text
def reader_batch(tokenizer, samples, n_context, text_maxlength=200, answer_maxlength=32):
    texts, targets = [], []
    for s in samples:
        found = [f"question:{s['question']} title:{p['title']} context:{p['text']}" for p in s["ctxs"][:n_context]]
        texts += found + [""] * (n_context - len(found))
        targets.append(s.get("target") or s["answers"][0])
    read = tokenizer(texts, padding=True, truncation=True, max_length=text_maxlength, return_tensors="pt")
    written = tokenizer(targets, padding=True, truncation=True, max_length=answer_maxlength, return_tensors="pt")
    mask = read.attention_mask * torch.tensor([[text != ""] for text in texts])
    shape = len(samples), n_context, -1
    labels = written.input_ids.masked_fill(written.attention_mask == 0, -100)
    return read.input_ids.view(shape), mask.view(shape), labels
