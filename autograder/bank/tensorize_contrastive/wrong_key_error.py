# mistake: every sample is assumed to have a hard negative. Test for the key first.
# caught by: samples without a hard negative
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels = [], []
    for s in samples:
        labels.append(len(passages))
        passages.append(s["gold_context"])
        if use_hard_negative:
            passages.append(s["hard_negative"])
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    q = tokenizer([s["question"] for s in samples], **options)
    p = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, torch.tensor(labels)
