# mistake: the passages are sorted by their id, not by their score.
# caught by: best first
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s in samples:
        scores = run.get(s["id"], {})
        ranked = [i for i, _ in sorted(scores.items(), reverse=True)]
        good = [has_answer(texts[i], s["answers"]) for i in ranked]
        for k in k_values:
            hits[k] += any(good[:k])
    return {k: 100 * n / len(samples) for k, n in hits.items()}
