import heapq


def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    by_id = {p["id"]: p for p in passages}
    result = {}
    for k in k_values:
        hits = 0
        for s in samples:
            best = heapq.nlargest(k, run.get(s["id"], {}).items(), key=lambda pair: pair[1])
            hits += any(has_answer(by_id[i]["text"], s["answers"]) for i, _ in best)
        result[k] = hits * 100 / len(samples)
    return result
