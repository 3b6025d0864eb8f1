# mistake: a question whose best passage holds an answer counts as a miss: its place is 0, and Python takes 0 as false. Compare with None.
# caught by: a hit in the text
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s in samples:
        scores = run.get(s["id"], {})
        ranked = sorted(scores, key=scores.get, reverse=True)
        good = [has_answer(texts[i], s["answers"]) for i in ranked]
        first = next((n for n, hit in enumerate(good) if hit), None)
        for k in k_values:
            hits[k] += bool(first and first < k)
    return {k: 100 * n / len(samples) for k, n in hits.items()}
