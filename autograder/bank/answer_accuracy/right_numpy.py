def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts = {p["id"]: p["text"] for p in passages}
    first = np.full(len(samples), np.inf)
    for row, s in enumerate(samples):
        if s["id"] not in run:
            continue
        ids, scores = list(run[s["id"]]), np.array(list(run[s["id"]].values()), dtype=float)
        for place, n in enumerate(np.argsort(-scores, kind="stable")):
            if has_answer(texts[ids[n]], s["answers"]):
                first[row] = place
                break
    return {int(k): float((first < k).mean() * 100) for k in k_values}
