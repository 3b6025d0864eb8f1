def mine_hard_negatives(samples, candidates, passages):
    by_id = {p["id"]: p for p in passages}

    def mine(sample, candidate):
        rest = {k: v for k, v in sample.items() if k != "hard_negative"}
        for pid in candidate["topk_ids"]:
            if pid == candidate["gold_id"]:
                continue
            if has_answer(by_id[pid]["text"], sample["answers"]):
                continue
            return {**rest, "hard_negative": dict(by_id[pid])}
        return rest

    return [mine(s, c) for s, c in zip(samples, candidates)]
