# mistake: the hard negatives are removed from the samples, so that the second epoch finds none. Leave the samples as they are.
# caught by: hard negatives
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels = [], []
    for s in samples:
        labels.append(len(passages))
        passages.append(s["gold_context"])
        negative = s.pop("hard_negative", None)
        if use_hard_negative and negative is not None:
            passages.append(negative)
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    q = tokenizer([s["question"] for s in samples], **options)
    p = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, torch.tensor(labels)
