# mistake: a gold passage that is already in the batch is not added again. Each sample brings its own row: the label is the number of passages already in the batch.
# caught by: hard negatives
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels, row_of = [], [], {}
    for s in samples:
        gold = s["gold_context"]
        if gold["id"] not in row_of:
            row_of[gold["id"]] = len(passages)
            passages.append(gold)
        labels.append(row_of[gold["id"]])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    questions = tokenizer([s["question"] for s in samples], **options)
    pairs = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return questions.input_ids, questions.attention_mask, pairs.input_ids, pairs.attention_mask, torch.tensor(labels)
