# mistake: samples and runs are matched by position. A question that the run lacks shifts all after it: look each question up by its id.
# caught by: all questions count
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s, scores in zip(samples, run.values()):
        ranked = sorted(scores, key=scores.get, reverse=True)
        places = [n for n, i in enumerate(ranked) if has_answer(texts[i], s["answers"])]
        for k in k_values:
            hits[k] += bool(places) and places[0] < k
    return {k: 100 * n / len(samples) for k, n in hits.items()}
