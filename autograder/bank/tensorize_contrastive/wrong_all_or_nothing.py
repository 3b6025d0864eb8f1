# mistake: it is decided once for the whole batch whether hard negatives are used, so that one sample without them removes those of all others. Decide for each sample.
# caught by: samples without a hard negative
def tensorize_contrastive(samples, use_hard_negative=False):
    use_hard_negative = use_hard_negative and all("hard_negative" in s for s in samples)
    passages, labels = [], []
    for s in samples:
        labels.append(len(passages))
        passages.append(s["gold_context"])
        if use_hard_negative:
            passages.append(s["hard_negative"])
    kw = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    q = tokenizer([s["question"] for s in samples], **kw)
    p = tokenizer([c["title"] for c in passages], [c["text"] for c in passages], **kw)
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, torch.tensor(labels)
