# mistake: questions and passages are padded together, to the longest of all. Questions are shorter: pad each on its own.
# caught by: padding and truncation
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels = [], []
    for s in samples:
        labels.append(len(passages))
        passages.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    n = len(samples)
    q = tokenizer([s["question"] for s in samples], truncation=True, max_length=MAX_LENGTH)
    p = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], truncation=True, max_length=MAX_LENGTH)
    both = tokenizer.pad({"input_ids": q.input_ids + p.input_ids}, return_tensors="pt")
    ids, mask = both.input_ids, both.attention_mask
    return ids[:n], mask[:n], ids[n:], mask[n:], torch.tensor(labels)
