# mistake: the titles are cut short. The whole title opens the passage: only the tokenizer cuts, at MAX_LENGTH.
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
    pairs = tokenizer([p["title"][:5] for p in passages], [p["text"] for p in passages], **options)
    return questions.input_ids, questions.attention_mask, pairs.input_ids, pairs.attention_mask, torch.tensor(labels)
