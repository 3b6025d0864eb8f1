# mistake: capital and small letters are told apart, or blanks are counted: has_answer decides.
# caught by: a hit in the text
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s in samples:
        scores = run.get(s["id"], {})
        ranked = sorted(scores, key=scores.get, reverse=True)
        good = [any(f" {a} " in f" {texts[i]} " for a in s["answers"]) for i in ranked]
        for k in k_values:
            hits[k] += any(good[:k])
    return {k: 100 * n / len(samples) for k, n in hits.items()}
