import numpy as np


def tensorize_contrastive(samples, use_hard_negative=False):
    groups = [[s["gold_context"]] + ([s["hard_negative"]] if use_hard_negative and "hard_negative" in s else []) for s in samples]
    sizes = [len(g) for g in groups]
    labels = torch.from_numpy(np.cumsum([0] + sizes[:-1]).astype("int64"))
    titles = [p["title"] for g in groups for p in g]
    texts = [p["text"] for g in groups for p in g]
    questions = [s["question"] for s in samples]
    q = tokenizer(questions, padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    p = tokenizer(titles, texts, padding=True, truncation="only_second", max_length=MAX_LENGTH, return_tensors="pt")
    return q.input_ids, q.attention_mask, p.input_ids, p.attention_mask, labels
