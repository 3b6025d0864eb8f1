import copy


def mine_hard_negatives(samples, candidates, passages):
    result = copy.deepcopy(samples)
    for i in range(len(result)):
        result[i].pop("hard_negative", None)
        j = 0
        while j < len(candidates[i]["topk_indices"]):
            p = passages[candidates[i]["topk_indices"][j]]
            if p["id"] == candidates[i]["gold_id"] or has_answer(p["text"], result[i]["answers"]):
                j += 1
            else:
                result[i]["hard_negative"] = copy.deepcopy(p)
                break
    return result
