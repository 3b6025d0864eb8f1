# mistake: the passages are in blocks, first all golds and then all negatives, but the labels are those of an alternating layout. Use one layout for both.
# caught by: hard negatives
def tensorize_contrastive(samples, use_hard_negative=False):
    golds, negatives, labels = [], [], []
    for s in samples:
        labels.append(len(golds) + len(negatives))
        golds.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            negatives.append(s["hard_negative"])
    passages = golds + negatives
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    q = tokenizer([s["question"] for s in samples], **options)
    p = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, torch.tensor(labels)
