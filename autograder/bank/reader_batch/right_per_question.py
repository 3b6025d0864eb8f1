def reader_batch(tokenizer, samples, n_context, text_maxlength=200, answer_maxlength=32):
    B = len(samples)
    ids = torch.full((B, n_context, text_maxlength), tokenizer.pad_token_id)
    mask = torch.zeros(B, n_context, text_maxlength, dtype=torch.long)
    labels = torch.full((B, answer_maxlength), -100)
    for b, s in enumerate(samples):
        for n, p in enumerate(s["ctxs"][:n_context]):
            text = "question: " + s["question"] + " title: " + p["title"] + " context: " + p["text"]
            row = tokenizer(text, truncation=True, max_length=text_maxlength).input_ids
            ids[b, n, : len(row)] = torch.tensor(row)
            mask[b, n, : len(row)] = 1
        target = s["target"] if "target" in s else s["answers"][0]
        row = tokenizer(target, truncation=True, max_length=answer_maxlength).input_ids
        labels[b, : len(row)] = torch.tensor(row)
    return ids, mask, labels
