# mistake: the batch holds gold passages only, even when hard negatives are asked for. The second argument decides.
# caught by: hard negatives
def tensorize_contrastive(samples, use_hard_negative=False):
    passages = [s["gold_context"] for s in samples]
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    q = tokenizer([s["question"] for s in samples], **options)
    p = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, torch.arange(len(samples))
