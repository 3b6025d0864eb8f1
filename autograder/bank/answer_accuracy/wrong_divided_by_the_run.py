# mistake: the questions that the run lacks are left out, which makes the result better than it is.
# caught by: all questions count
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s in samples:
        scores = run.get(s["id"], {})
        ranked = sorted(scores, key=scores.get, reverse=True)
        good = [has_answer(texts[i], s["answers"]) for i in ranked]
        for k in k_values:
            hits[k] += any(good[:k])
    return {k: 100 * n / max(1, len(run)) for k, n in hits.items()}
