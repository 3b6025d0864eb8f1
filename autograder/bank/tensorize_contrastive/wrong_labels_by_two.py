# mistake: with hard negatives question i's label is 2 i. That needs a hard negative in every sample, and some have none: count.
# caught by: samples without a hard negative
def tensorize_contrastive(samples, use_hard_negative=False):
    passages = []
    for s in samples:
        passages.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    q = tokenizer([s["question"] for s in samples], **options)
    p = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    labels = torch.arange(len(samples)) * (2 if use_hard_negative else 1)
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, labels
