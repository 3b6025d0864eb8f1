# mistake: the masks are 1 everywhere, so padding counts as text. The tokenizer returns the right ones.
# caught by: passages
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels = [], []
    for s in samples:
        labels.append(len(passages))
        passages.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    Q = tokenizer([s["question"] for s in samples], **options).input_ids
    P = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options).input_ids
    return Q, torch.ones_like(Q), P, torch.ones_like(P), torch.tensor(labels)
