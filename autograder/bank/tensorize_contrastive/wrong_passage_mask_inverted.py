# mistake: P_mask is inverted: 1 on padding, 0 on the passages. It must be 1 on real tokens.
# caught by: passages
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels = [], []
    for s in samples:
        labels.append(len(passages))
        passages.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    questions = tokenizer([s["question"] for s in samples], **options)
    pairs = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return questions.input_ids, questions.attention_mask, pairs.input_ids, 1 - pairs.attention_mask, torch.tensor(labels)
