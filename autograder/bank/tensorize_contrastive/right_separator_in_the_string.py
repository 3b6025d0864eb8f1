def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels = [], []
    for s in samples:
        passages.append(s["gold_context"])
        labels.append(len(passages) - 1)
        if use_hard_negative:
            passages.extend([s["hard_negative"]] if "hard_negative" in s else [])
    sep = tokenizer.sep_token
    kwargs = {"padding": True, "truncation": True, "max_length": MAX_LENGTH, "return_tensors": "pt"}
    Q = tokenizer([s["question"] for s in samples], **kwargs)
    P = tokenizer([f"{p['title']} {sep} {p['text']}" for p in passages], **kwargs)
    return Q.input_ids, Q.attention_mask, P.input_ids, P.attention_mask, torch.tensor(labels, dtype=torch.int64)
