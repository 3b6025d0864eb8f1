# mistake: the answer is searched letter by letter. has_answer compares words.
# caught by: a hit in the text
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s in samples:
        scores = run.get(s["id"], {})
        ranked = sorted(scores, key=scores.get, reverse=True)
        places = [n for n, i in enumerate(ranked) if any(w.lower() in texts[i].lower() for w in s["answers"])]
        for k in k_values:
            hits[k] += bool(places) and places[0] < k
    return {k: 100 * n / len(samples) for k, n in hits.items()}
