def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    by_id = {p["id"]: p for p in passages}
    result = {}
    for k in k_values:
        good = 0
        for s in samples:
            found = sorted(run.get(s["id"], {}).items(), key=lambda pair: -pair[1])[:k]
            good += any(has_answer(by_id[i]["text"], s["answers"]) for i, _ in found)
        result[k] = good / len(samples) * 100
    return result
