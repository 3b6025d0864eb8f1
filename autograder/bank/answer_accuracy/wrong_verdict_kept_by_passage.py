# mistake: what has_answer says of a passage is kept and used for later questions too. Another question has other answers: ask has_answer anew.
# caught by: a hit in the text
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts, known, found = {p["id"]: p["text"] for p in passages}, {}, []
    for s in samples:
        scores = run.get(s["id"], {})
        row = []
        for i in sorted(scores, key=scores.get, reverse=True):
            if i not in known:
                known[i] = has_answer(texts[i], s["answers"])
            row.append(known[i])
        found.append(row)
    return {k: 100 * sum(any(row[:k]) for row in found) / len(samples) for k in k_values}
