"""Rules about sides, batches, data and evaluation."""

from dpr_course.diagnose import thresholds as t
from dpr_course.diagnose.findings import Finding
from dpr_course.diagnose.fits import fits
from dpr_course.diagnose.rules_texts import sure


def frozen(m):
    s = m.get("sides", {})
    for side, other in (("query_encoder", "passage_encoder"), ("passage_encoder", "query_encoder")):
        if not s or s["tied"] or s["shared"]:
            return None
        still, moved = s.get("still", {}), s.get("moved", {})
        share = max(still.get(side) or 0, 1 - s["trainable"][side])
        far = moved.get(other) or 0
        slow = moved.get(side) is not None and far > t.MOVED_LOW / 2 and moved[side] < t.STILL_RATIO * far
        if share > t.STILL and max(still.get(other) or 0, 1 - s["trainable"][other]) < share - 0.3 or slow:
            told = f"{100 * share:.0f} % of the weights of the {side.replace('_', ' ')} did not move"
            if far:
                told = f"the {side.replace('_', ' ')} moved by {100 * (moved.get(side) or 0):.2f} % of its length, the other by {100 * far:.2f} %; {told}"
            return Finding("frozen-side", 0.97 if share > t.STILL else 0.85, told, "all weights", "Only one side learned, and it has to come to the other.", "Look for requires_grad, detach, no_grad, and for a side that the optimiser was not given.", "some points of R@1, more with more data", {"still": share, "moved": moved})
    return None


def shared(m):
    s = m.get("sides", {})
    if s and (s["shared"] or (s["tied"] and m["about"].get("meant_tied") is False)):
        told = "the two sides have the same weights" + (", though they are different modules" if s["shared"] else ", though the run is to have two encoders")
        return Finding("shared-encoders", 0.97, told, "all weights", "One encoder serves both sides: each step of one side also moves the other.", "Load the encoder once for each side, or copy it with copy.deepcopy.", "two sides that can differ; little changes in R@1 on small data", {"tied": s["tied"]})
    return None


def batch(m):
    """Accumulation taken for batch size, or too few negatives."""
    k, loss, fit = m.get("training", {}), m.get("loss", {}), fits(m)
    declared, passages = m["about"]["batch_size"], k.get("passages")
    each = passages / declared if passages and declared else 1  # passages that one question brings
    meaning = "Accumulation adds up gradients, but each question meets only the passages of its own small batch."
    advice, effect = "Use the gradient cache (max_tokens in the run's file), or a larger real batch.", "harder choices for each question; more R@1 the smaller the real batch was"
    found = []
    real = None
    if loss.get("chunk") and loss["chunk"] < 16:
        real, told, data, confidence = loss["chunk"], f"the loss lets a question meet the passages of {loss['chunk']} questions only", "one made-up batch", 0.97
    elif declared and k.get("per_epoch") and k["per_epoch"] < declared / 1.8:
        real = max(1, round(k["per_epoch"]))
        told, data, confidence = f"a step has {k['per_epoch']:.0f} questions, but the batch is said to have {declared}", f"{k['steps']} steps", 0.95
    elif fit:
        chunks = {n: v for n, v in fit.items() if n.isdigit()}
        best = min(chunks, key=chunks.get, default=None)
        if best and declared and int(best) <= declared / 1.9 and chunks[best] < fit["declared"] - t.EVIDENCE and chunks[best] <= min(fit.values()) + 2:
            real, confidence = int(best), sure(fit["declared"] - chunks[best], t.EVIDENCE, 40)
            part = m["replay"].get("start") or m["replay"]["end"]
            whole = part["chunks"][max(part["chunks"], key=int)]["loss"]
            told = f"the first steps recorded a loss of {part['recorded']['loss']:.2f}; {declared} questions at once give {whole:.2f}, and {best} at a time {part['chunks'][best]['loss']:.2f}"
            data = f"{part['texts']} texts of the first batches"
    if real is not None:
        found.append(Finding("accumulation", confidence, told, data, meaning, advice, effect, {"real": real, "declared": declared}))
    meets = (real * each) if real else passages
    if meets and meets <= t.FEW:
        told = f"a question meets {meets:.0f} passages in a batch, its gold included"
        found.append(Finding("few-negatives", sure(-meets, -t.FEW - 0.5, -t.FEW_SURE), told, f"{m['about']['train']} samples", "With so few wrong passages, few of them are hard: the loss is soon small, and teaches little.", "Use larger batches, with gradient cache if memory is short, or more hard negatives for each question.", "some points of R@1", {"passages": meets}))
    return found


def false_negatives(m):
    b, mined, found = m.get("batches", {}), m.get("mined", {}), []
    if mined and mined["golds"] >= t.MINED_GOLDS:
        told = f"{100 * mined['golds']:.1f} % of {mined['negatives']} hard negatives are the question's gold passage, by id or nearly word for word"
        found.append(Finding("mined-golds", max(0.8, sure(mined["golds"], t.MINED_GOLDS, 0.2)), told, f"{mined['negatives']} negatives", "The loss pushes a question away from its own answer.", "When mining, skip the gold by id and by text, not by rank or title.", "see the dose curve: dpr_course.dose", mined))
    if mined and mined["bearing"] >= t.MINED_BEARING or mined.get("also", 0) >= 0.03:
        told = f"{100 * mined['bearing']:.1f} % of {mined['negatives']} hard negatives hold an answer"
        found.append(Finding("answer-bearing-negatives", max(0.75, sure(mined["bearing"], t.MINED_BEARING, 0.3)), told, f"{mined['negatives']} negatives", FALSE, "When mining, skip passages that hold an answer (has_answer).", "see the dose curve: dpr_course.dose", mined))
    elif b and b["bearing_questions"] >= t.BEARING and b["bearing"] > t.BEARING_RATIO * b["chance"]:
        told = f"{100 * b['bearing_questions']:.0f} % of the questions have their answer in another passage of the batch; {100 * b['bearing']:.1f} % of the pairs, by chance {100 * b['chance']:.1f} %"
        found.append(Finding("answer-bearing-negatives", sure(b["bearing_questions"], t.BEARING, 0.8), told, f"{b['questions']} questions in random batches", FALSE, "Mask passages that hold an answer, or do not put questions on one subject into one batch.", "more R@1 where many passages answer", b))
    if b and b["duplicates"] >= t.DUPLICATES:
        told = f"{100 * b['duplicates']:.0f} % of the questions have a copy of their gold in the batch, {100 * b['exact']:.0f} % word for word"
        masked = "A loss that masks copies leaves the exact ones out, and the question then has fewer negatives." if m["about"]["masks_copies"] or m.get("loss", {}).get("copies") else "The copy counts as a wrong answer."
        found.append(Finding("duplicate-golds", sure(b["duplicates"], t.DUPLICATES, t.DUPLICATES_SURE), told, f"{b['questions']} questions in random batches of {b['batch_size']}", masked, "Mask the copies (exercise 4.2), or draw batches in which no two questions share a gold.", "more R@1 the larger the share", b))
    return found


FALSE = "A passage that answers the question is counted as wrong."


def leak(m):
    k, choice, found = m.get("leak", {}), m.get("evaluation", {}).get("choice", {}), []
    if not k:
        return found
    worst = max(("questions", "validation", 1), ("held_questions", "held", 1), key=lambda n: k[n[0]])
    if k[worst[0]] >= t.LEAK and k[worst[0]] * k[worst[1]] >= 2:
        told = f"{100 * k[worst[0]]:.0f} % of {k[worst[1]]} {'validation' if worst[1] == 'validation' else 'held-out'} questions were trained on"
        found.append(Finding("development-leak", max(0.9, sure(k[worst[0]], t.LEAK, 0.2)), told, f"{k[worst[1]]} questions", LEAKED, LEAK_ADVICE, "a lower number, which is true", k))
    elif max(k["golds"], k["held_golds"]) >= t.LEAK_GOLDS:
        told = f"the golds of {100 * k['golds']:.0f} % of the validation and {100 * k['held_golds']:.0f} % of the held-out questions are golds of training questions"
        found.append(Finding("development-leak", sure(max(k["golds"], k["held_golds"]), t.LEAK_GOLDS, 0.6), told, f"{k['validation'] + k['held']} questions", LEAKED, LEAK_ADVICE, "a lower number, which is true", k))
    if k["held_reported"] >= 0.1:
        told = f"{100 * k['held_reported']:.0f} % of the questions that choose the epoch are reported ones"
        found.append(Finding("epoch-on-reported", 0.97, told, f"{k['held']} questions", CHOSEN, CHOSEN_ADVICE, "a lower number, which is true", k))
    elif choice and choice["reported"] and (choice["held_out"] is None or abs(choice["held_out"] - choice["best"]) > 0.05):
        told = f"the score of the chosen epoch, {choice['best']:.2f}, is R@{choice['reported']} of the validation questions"
        told += "" if choice["held_out"] is None else f"; the held-out questions give {choice['held_out']:.2f}"
        found.append(Finding("epoch-on-reported", 0.93, told, f"{k['validation']} questions", CHOSEN, CHOSEN_ADVICE, "a lower number, which is true", choice))
    return found


LEAKED = "R@k on these questions measures memory, not retrieval."
LEAK_ADVICE = "Split by gold passage (dpr_course.data.hold_out), before mining and training."
CHOSEN = "The best of several epochs is partly luck on these very questions, so the number is too high."
CHOSEN_ADVICE = "Choose the epoch on questions that are not reported."


def evaluation(m):
    e, found = m.get("evaluation", {}), []
    index, ids, hits, reported, now = (e.get(n) or {} for n in ("index", "ids", "hits", "reported", "recomputed"))
    again = "Encode the passages again with this encoder, and search again."
    if index and (index["rows"] == 0 or index["share"] >= t.DIFFERENT_INDEX):
        told = f"{100 * index.get('share', 1):.0f} % of the stored vectors differ from those that the encoder makes now" if index["rows"] else "no id of the index is a passage"
        found.append(Finding("foreign-index", 0.97, told, f"{index['rows']} vectors", "Questions of one encoder are compared with passages of another.", again, "R@1 of the encoder itself", index))
    elif m.get("notes", {}).get("fingerprint") == "other" and m.get("tokenizer", {}).get("same_as_start") is not False:
        told = "the fingerprint in retriever.json is not that of the weights that are there: the passage encoder has been replaced"
        found.append(Finding("foreign-index", 0.9, told, "all weights", "Query and passage encoder were not trained together.", "Put the saved passage encoder back, or train again.", "R@1 of the run", {}))
    common = sorted(set(reported) & set(now))
    off = {k: now[k] - reported[k] for k in common}
    if twice := hits.get("twice", 0) or ids.get("passages", 0) or ids.get("questions", 0):
        told = f"{100 * hits['twice']:.0f} % of the questions have a passage more than once" if hits.get("twice") else f"{ids['passages']} passage ids and {ids['questions']} question ids come twice"
        found.append(Finding("duplicate-ids", 0.97, told, f"{hits.get('questions') or m['about']['passages']} {'questions' if hits else 'passages'}", "Copies take places among the first k, or a gold is looked up in the wrong row.", "Make ids unique, merge shards once, and count each id once.", "R@k that can be compared", {"twice": twice}))
    deepest = max(reported, default=0) or 100
    flat = [k for k in common if k > 1 and reported[k] == reported[common[common.index(k) - 1]] and off[k] > 1.0]
    if hits and 0 < hits["depth"] < min(deepest, m["about"]["passages"]):
        told = f"a question has {hits['depth']} passages, but R@{deepest} is counted"
        found.append(Finding("cut-off", 0.95, told, f"{hits['questions']} questions", CUT_OFF, f"Search with k of at least {deepest}.", "R@k that grows with k", hits))
    elif flat:
        told = f"the reported R@{flat[0]} equals that of the smaller k, {reported[flat[0]]:.1f}; recomputed it is {now[flat[0]]:.1f}"
        found.append(Finding("cut-off", 0.93, told, f"{m['about']['questions']} questions", CUT_OFF, f"Search with k of at least {deepest}.", "R@k that grows with k", off))
    elif common and not index and off[common[0]] > 4 and not twice:
        told = f"R@{common[0]} is reported as {reported[common[0]]:.1f}; this encoder gives {now[common[0]]:.1f}"
        found.append(Finding("foreign-index", sure(off[common[0]], 4, 20), told, f"{m['about']['questions']} questions", "What was searched are not the vectors of this encoder.", again, f"about {off[common[0]]:.0f} points of R@{common[0]}", off))
    return found


CUT_OFF = "A gold below the cut-off counts as not found, whatever k is."
RULES = (frozen, shared, batch, false_negatives, leak, evaluation)
