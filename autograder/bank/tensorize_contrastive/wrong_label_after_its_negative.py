# mistake: the label is computed after the sample's hard negative was appended, so it names that negative. Count before either is appended.
# caught by: hard negatives
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels = [], []
    for s in samples:
        passages.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
        labels.append(len(passages) - 1)
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    q = tokenizer([s["question"] for s in samples], **options)
    p = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, torch.tensor(labels)
