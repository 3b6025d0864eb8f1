def tensorize_contrastive(samples, use_hard_negative=False):
    pairs, labels = [], []
    for s in samples:
        labels += [len(pairs)]
        pairs.append((s["gold_context"]["title"], s["gold_context"]["text"]))
        negative = s.get("hard_negative") if use_hard_negative else None
        if negative is not None:
            pairs.append((negative["title"], negative["text"]))

    def encode(texts):
        return tokenizer(texts, padding="longest", truncation="longest_first", max_length=MAX_LENGTH, return_tensors="pt")

    q, p = encode([s["question"] for s in samples]), encode(pairs)
    return [q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, torch.LongTensor(labels)]
