from torch.nn.utils.rnn import pad_sequence


def tensorize_contrastive(samples, use_hard_negative=False):
    Q_rows, P_rows, labels = [], [], torch.zeros(len(samples), dtype=torch.long)
    for i, s in enumerate(samples):
        Q_rows.append(torch.tensor(tokenizer(s["question"], truncation=True, max_length=MAX_LENGTH).input_ids))
        labels[i] = len(P_rows)
        for key in ("gold_context", "hard_negative"):
            if key in s and (key == "gold_context" or use_hard_negative):
                p = s[key]
                P_rows.append(torch.tensor(tokenizer(p["title"], p["text"], truncation=True, max_length=MAX_LENGTH).input_ids))

    def pad(rows):
        ids = pad_sequence(rows, batch_first=True, padding_value=tokenizer.pad_token_id)
        mask = pad_sequence([torch.ones_like(r) for r in rows], batch_first=True)
        return ids, mask

    return *pad(Q_rows), *pad(P_rows), labels
