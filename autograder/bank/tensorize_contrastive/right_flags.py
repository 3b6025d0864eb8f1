def tensorize_contrastive(samples, use_hard_negative=False):
    rows = []
    for s in samples:
        rows += [(True, s["gold_context"])]
        if use_hard_negative and s.get("hard_negative"):
            rows += [(False, s["hard_negative"])]
    labels = torch.LongTensor([row for row, (is_gold, _) in enumerate(rows) if is_gold])

    def encode(texts):
        out = tokenizer(texts, padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
        return out.input_ids, out.attention_mask

    Q, Q_mask = encode([s["question"] for s in samples])
    P, P_mask = encode([(p["title"], p["text"]) for _, p in rows])
    return Q, Q_mask, P, P_mask, labels
