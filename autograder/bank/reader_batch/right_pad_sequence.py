from torch.nn.utils.rnn import pad_sequence


def reader_batch(tokenizer, samples, n_context, text_maxlength=200, answer_maxlength=32):
    def pieces(text, most):
        return torch.tensor(tokenizer.encode(text, truncation=True, max_length=most))

    rows = []
    for s in samples:
        for n in range(n_context):
            if n < len(s["ctxs"]):
                p = s["ctxs"][n]
                rows.append(pieces(f"question: {s['question']} title: {p['title']} context: {p['text']}", text_maxlength))
            else:
                rows.append(torch.zeros(0, dtype=torch.long))
    ids = pad_sequence(rows, batch_first=True, padding_value=-1)
    mask = (ids >= 0).long()
    ids = ids.clamp(min=0).reshape(len(samples), n_context, -1)
    targets = [pieces(s.get("target", s["answers"][0]), answer_maxlength) for s in samples]
    return ids, mask.reshape(ids.shape), pad_sequence(targets, batch_first=True, padding_value=-100)
