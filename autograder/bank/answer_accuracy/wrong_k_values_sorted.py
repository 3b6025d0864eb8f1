# mistake: the results are assigned to the wrong k values. Keep the order in which the k values were given.
# caught by: any k
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s in samples:
        scores = run.get(s["id"], {})
        ranked = sorted(scores, key=scores.get, reverse=True)
        places = [n for n, i in enumerate(ranked) if has_answer(texts[i], s["answers"])]
        for k in k_values:
            hits[k] += bool(places) and places[0] < k
    return dict(zip(k_values, (100 * hits[k] / len(samples) for k in sorted(k_values))))
