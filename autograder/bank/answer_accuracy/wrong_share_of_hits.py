# mistake: the share of the k passages that hold an answer is averaged. One hit is enough.
# caught by: a hit in the text
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    result = {}
    for k in k_values:
        shares = []
        for s in samples:
            scores = run.get(s["id"], {})
            ranked = sorted(scores, key=scores.get, reverse=True)[:k]
            shares.append(sum(has_answer(texts[i], s["answers"]) for i in ranked) / k)
        result[k] = 100 * sum(shares) / len(samples)
    return result
