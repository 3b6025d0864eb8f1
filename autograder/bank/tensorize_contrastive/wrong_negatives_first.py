# mistake: the hard negatives come first and all gold passages after them. Go sample by sample: each gold passage is followed by its own hard negative.
# caught by: hard negatives
def tensorize_contrastive(samples, use_hard_negative=False):
    passages = []
    if use_hard_negative:
        passages = [s["hard_negative"] for s in samples if s.get("hard_negative")]
    first = len(passages)
    passages = passages + [s["gold_context"] for s in samples]
    opts = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    q = tokenizer(text=[s["question"] for s in samples], **opts)
    p = tokenizer(text=[p["title"] for p in passages], text_pair=[p["text"] for p in passages], **opts)
    return q["input_ids"], q["attention_mask"], p["input_ids"], p["attention_mask"], torch.arange(len(samples)) + first
