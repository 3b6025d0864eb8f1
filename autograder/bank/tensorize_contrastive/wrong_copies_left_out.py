# mistake: a passage that is already in the batch is not added again. Each sample brings its own rows: the label is the number of passages already in the batch.
# caught by: hard negatives
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels, row_of = [], [], {}

    def add(p):
        if p["id"] not in row_of:  # no passage twice
            row_of[p["id"]] = len(passages)
            passages.append(p)
        return row_of[p["id"]]

    for s in samples:
        labels.append(add(s["gold_context"]))
        if use_hard_negative and "hard_negative" in s:
            add(s["hard_negative"])
    kw = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    q = tokenizer([s["question"] for s in samples], **kw)
    p = tokenizer([c["title"] for c in passages], [c["text"] for c in passages], **kw)
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, torch.tensor(labels)
