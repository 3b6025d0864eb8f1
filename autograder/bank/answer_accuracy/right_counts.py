from collections import Counter


def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    texts, ranks = {p["id"]: p["text"] for p in passages}, Counter()
    for s in samples:
        pairs = sorted(((v, i) for i, v in run.get(s["id"], {}).items()), reverse=True)
        for rank, (_, i) in enumerate(pairs, 1):
            if has_answer(texts[i], s["answers"]):
                ranks[rank] += 1
                break
    return {k: 100.0 * sum(n for rank, n in ranks.items() if rank <= k) / len(samples) for k in k_values}
