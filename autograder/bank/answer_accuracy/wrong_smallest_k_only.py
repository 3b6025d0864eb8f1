# mistake: each question counts at one k only. A hit among the best 5 is one among the best 20 as well.
# caught by: a hit in the text
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s in samples:
        scores = run.get(s["id"], {})
        ranked = sorted(scores, key=scores.get, reverse=True)
        good = [has_answer(texts[i], s["answers"]) for i in ranked]
        for k in k_values:
            if any(good[:k]):
                hits[k] += 1
                break
    return {k: 100 * n / len(samples) for k, n in hits.items()}
