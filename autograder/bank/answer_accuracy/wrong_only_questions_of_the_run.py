# mistake: the questions that the run lacks are left out, which makes the result better than it is.
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
    return {k: 100 * n / max(1, sum(s["id"] in run for s in samples)) for k, n in hits.items()}
