# mistake: the rows are cut after tokenising, and lose their closing [SEP]. The tokenizer can cut by itself, and keeps it.
# caught by: padding and truncation
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels = [], []
    for s in samples:
        labels.append(len(passages))
        passages.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    q = tokenizer([s["question"] for s in samples], padding=True, return_tensors="pt")
    p = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], padding=True, return_tensors="pt")
    Q, Q_mask, P, P_mask = (t[:, :MAX_LENGTH] for t in (q.input_ids, q.attention_mask, p.input_ids, p.attention_mask))
    return Q, Q_mask, P, P_mask, torch.tensor(labels)
