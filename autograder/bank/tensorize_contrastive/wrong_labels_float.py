# mistake: the labels are floating-point numbers. They are row numbers, so they must be integers.
# caught by: labels
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels = [], torch.zeros(len(samples))
    for i, s in enumerate(samples):
        labels[i] = len(passages)
        passages.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    q = tokenizer([s["question"] for s in samples], **options)
    p = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, labels
