def tensorize_contrastive(samples, use_hard_negative=False):
    questions, titles, texts, labels = [], [], [], []
    position = 0
    for s in samples:
        questions.append(s["question"])
        labels.append(position)
        titles.append(s["gold_context"]["title"])
        texts.append(s["gold_context"]["text"])
        position += 1
        if not use_hard_negative:
            continue
        if "hard_negative" not in s:
            continue
        titles.append(s["hard_negative"]["title"])
        texts.append(s["hard_negative"]["text"])
        position += 1
    q = tokenizer(questions, padding=True, truncation=True, max_length=MAX_LENGTH)
    p = tokenizer(titles, texts, padding=True, truncation=True, max_length=MAX_LENGTH)
    tensors = [q["input_ids"], q["attention_mask"], p["input_ids"], p["attention_mask"], labels]
    return tuple(torch.tensor(t, dtype=torch.int64) for t in tensors)
