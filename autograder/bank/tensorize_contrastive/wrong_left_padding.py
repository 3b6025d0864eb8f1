# mistake: padding stands before the tokens. The encoder takes a text's vector from the first place, where [CLS] must stand: pad on the right.
# caught by: padding and truncation
def tensorize_contrastive(samples, use_hard_negative=False):
    passages, labels = [], []
    for s in samples:
        labels.append(len(passages))
        passages.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt", padding_side="left")
    questions = tokenizer([s["question"] for s in samples], **options)
    pairs = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return questions.input_ids, questions.attention_mask, pairs.input_ids, pairs.attention_mask, torch.tensor(labels)
