# mistake: questions without an answer are left out of the count. They belong to all questions.
# caught by: all questions count
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s in samples:
        scores = run.get(s["id"], {})
        ranked = sorted(scores, key=scores.get, reverse=True)
        places = [n for n, i in enumerate(ranked) if has_answer(texts[i], s["answers"])]
        for k in k_values:
            hits[k] += bool(places) and places[0] < k
    return {k: 100 * n / max(1, sum(bool(s["answers"]) for s in samples)) for k, n in hits.items()}
