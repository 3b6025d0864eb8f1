# mistake: words are counted, not tokens, so that rows are longer than MAX_LENGTH. The tokenizer can cut by itself.
# caught by: padding and truncation
def tensorize_contrastive(samples, use_hard_negative=False):
    def cut(text):
        return " ".join(text.split()[:MAX_LENGTH])

    passages, labels = [], []
    for s in samples:
        labels.append(len(passages))
        passages.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    q = tokenizer([cut(s["question"]) for s in samples], padding=True, return_tensors="pt")
    p = tokenizer([p["title"] for p in passages], [cut(p["text"]) for p in passages], padding=True, return_tensors="pt")
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, torch.tensor(labels)
