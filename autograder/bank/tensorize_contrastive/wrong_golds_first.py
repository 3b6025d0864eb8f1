# mistake: all gold passages come first and the hard negatives after them. Go sample by sample: each gold passage is followed by its own hard negative.
# caught by: hard negatives
def tensorize_contrastive(samples, use_hard_negative=False):
    golds = [s["gold_context"] for s in samples]
    negatives = [s["hard_negative"] for s in samples if use_hard_negative and "hard_negative" in s]
    passages = golds + negatives
    q = tokenizer([s["question"] for s in samples], padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    p = tokenizer(
        [x["title"] for x in passages],
        [x["text"] for x in passages],
        padding="longest",
        truncation=True,
        max_length=MAX_LENGTH,
        return_tensors="pt",
    )
    return q["input_ids"], q["attention_mask"], p["input_ids"], p["attention_mask"], torch.arange(len(samples))
