# mistake: the k texts are joined and searched as one. An answer may then begin in one passage and end in the next, though neither holds it: look into each text by itself.
# caught by: a hit in the text
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s in samples:
        scores = run.get(s["id"], {})
        ranked = sorted(scores, key=scores.get, reverse=True)
        good = [has_answer(texts[i], s["answers"]) for i in ranked]
        for k in k_values:
            hits[k] += has_answer(" ".join(texts[i] for i in ranked[:k]), s["answers"])
    return {k: 100 * n / len(samples) for k, n in hits.items()}
