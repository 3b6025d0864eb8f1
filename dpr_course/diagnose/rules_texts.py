"""Rules about how texts become vectors: sides, pooling, padding, title, prefix, tokenizer, truncation."""

from dpr_course.diagnose import thresholds as t
from dpr_course.diagnose.findings import Finding
from dpr_course.diagnose.fits import contradicted, supported


def sure(value, at, full):
    """Return a confidence: 0 below `at`, 0.6 there, 0.98 at `full` and beyond. `full` may lie below `at`."""
    share = (value - at) / (full - at)
    return 0.0 if share < 0 else round(0.6 + 0.38 * min(1.0, share), 3)


def better(m, start):
    """Return (name, its numbers) of the way beginning with `start` that the run was most likely trained in; (None, None) if in its own.

    A way counts if it gains enough R@1 and the recorded losses do not speak against it, or if they clearly speak for it.
    """
    ways = {n: w for n, w in m.get("ways", {}).get("ways", {}).items() if n.startswith(start)}
    good = {n: w for n, w in ways.items() if w["gain"] >= t.GAIN and w["z"] >= t.Z and not contradicted(m, n)}
    good |= {n: w for n, w in ways.items() if supported(m, n) and w["gain"] > -t.GAIN}
    return max(good.items(), key=lambda item: (supported(m, item[0]), item[1]["gain"]), default=(None, None))


def looked_at(m):
    w = m["ways"]
    return f"{w['questions']} questions, {w['passages']} passages"


def by_way(m, start, fault, meaning, advice):
    """Return a Finding if a way beginning with `start` gains enough R@1, else None. `{way}` in the texts is its name."""
    name, way = better(m, start)
    if name is None:
        return None
    name_of = name
    name = name.removeprefix(start).strip() or name
    told = f"R@1 is {m['ways']['r1']:.1f} as given and {way['r1']:.1f} with {start.strip()} {name if name != start else ''}".rstrip()
    effect = f"about {max(0, way['gain']):.0f} points of R@1 on these questions"
    confidence = sure(way["gain"], t.GAIN, t.GAIN_SURE)
    if supported(m, name_of):
        told += "; the recorded losses are those of this way, and not of the one given"
        confidence = max(confidence, 0.9)
    return Finding(fault, confidence, told, looked_at(m), meaning.format(way=name), advice.format(way=name), effect, dict(way, way=name))


def swapped(m):
    if m.get("notes", {}).get("fingerprint") == "exchanged":
        told = "the fingerprint in retriever.json is that of the query encoder: the two folders have been exchanged"
        return Finding("swapped-sides", 0.99, told, "all weights", SWAPPED, "Exchange the folders query_encoder and passage_encoder.", "R@1 as it was trained")
    if m.get("collate", {}).get("exchanged"):
        told = "the collate function puts the passages into Q and the questions into P"
        return Finding("swapped-sides", 0.97, told, f"{m['collate']['questions']} samples", SWAPPED, "Return Q, Q_mask, P, P_mask, labels in this order.", "R@1 of a run whose sides agree")
    return by_way(m, "exchanged", "swapped-sides", SWAPPED, "Exchange the two encoders, in the model or in the call.")


SWAPPED = "The query encoder was trained on passages and the passage encoder on questions, and now each reads what it has not learned."


def pooling(m):
    return by_way(
        m, "pooling ", "wrong-pooling",
        "The weights were trained for the pooling '{way}', and the vectors are pooled in another way.",
        "Pool by '{way}' here too, or train with the pooling that you use.",
    )  # fmt: skip


def mask(m):
    meaning = "Padding tokens enter the vector, so that it depends on the other texts of its batch."
    advice = "Pass the attention mask to the encoder, and pool over tokens whose mask is 1."
    shift, part = m.get("mask", {}).get("shift", 0), m.get("collate", {}).get("mask", 0)
    if shift > t.SHIFT:
        told = f"8 more padding tokens move a vector by {100 * shift:.0f} % of the distance between two texts"
        return Finding("mask-ignored", sure(shift, t.SHIFT, 0.1), told, f"{m['mask']['texts']} texts", meaning, advice, "vectors that do not depend on the batch", m["mask"])
    if part > t.COLLATE_MASK:
        told = f"the mask of the collate function is 1 on {100 * part:.0f} % of the padding"
        return Finding("mask-ignored", 0.98, told, f"{m['collate']['questions']} samples", meaning, "Return the tokenizer's attention_mask.", "vectors that do not depend on the batch", {"share": part})
    return by_way(
        m, "padding read", "mask-ignored", "The model was trained with padding read as text, and is now used with a mask.",
        "Train with the attention mask; with this model, pad as in training.",
    )  # fmt: skip


def title(m):
    collate, about = m.get("collate", {}), m.get("about", {})
    titles = m.get("titles", {})
    meaning = "A passage does not read as it did in training, so its vector is one that the model has not learned to make."
    if titles and titles["train"] > 0.5 > titles["passages"] and titles["train"] - titles["passages"] > 0.3:
        told = f"{100 * titles['train']:.0f} % of the golds of training have a title, and {100 * titles['passages']:.0f} % of the passages that are searched"
        return Finding("title-missing", 0.95, told, f"{about['train']} samples, {about['passages']} passages", meaning, "Give the passages their titles back.", "R@1 as with titles", titles)
    read = collate.get("style")
    if collate and read and read != about["style"] and "text" in (read, about["style"]):
        told = f"the collate function reads passages as '{read}', the evaluation as '{about['style']}'"
        return Finding("title-missing", 0.97, told, f"{collate['questions']} samples", meaning, "Make the text of a passage by one function, in training and at test time.", "R@1 as in training", {"training": read, "test": about["style"]})
    return by_way(m, "read as ", "title-missing", meaning, "Read passages as '{way}' at test time, as in training.") or by_way(
        m, "the model itself", "title-missing", "The evaluation's own functions make other vectors than the model does of title and text.",
        "Make the text of a passage by one function, in training and at test time.",
    )  # fmt: skip


def prefix(m):
    found, about = m.get("collate", {}).get("question_prefix"), m.get("about", {})
    if found and found.strip() != (about.get("question_prefix") or "").strip():
        told = f"training questions begin with {found!r}, those of the evaluation do not"
        return Finding("prefix-missing", 0.95, told, f"{m['collate']['questions']} samples", PREFIX, f"Put {found!r} before each question at test time.", "R@1 as in training", {"prefix": found})
    return by_way(m, "prefix ", "prefix-missing", PREFIX, "Put the prefix '{way}' before the texts.")


PREFIX = "The encoder was trained on texts that begin with a prefix, by which it tells questions from passages."


def tokenizer(m):
    k, start = m.get("tokenizer", {}), m.get("ways", {}).get("ways", {}).get("the start's tokenizer")
    meaning = "Other token ids reach the embedding table, so that words get the vectors of other words."
    advice, effect = "Load the tokenizer from the same folder or name as the encoder.", "R@1 of the encoder with its own tokenizer"
    data = f"{k.get('tokens')} tokens"
    if k.get("rows") and k["highest"] >= k["rows"]:
        return Finding("wrong-tokenizer", 0.99, f"token ids reach {k['highest']}, but the embedding has {k['rows']} rows", data, meaning, advice, effect, k)
    if start is not None and (start["gain"] >= t.GAIN and start["z"] >= t.Z):
        told = f"R@1 is {m['ways']['r1']:.1f} as given and {start['r1']:.1f} with the tokenizer of the untrained encoder"
        return Finding("wrong-tokenizer", sure(start["gain"], t.GAIN, t.GAIN_SURE), told, looked_at(m), meaning, advice, effect, start)
    if k.get("same_as_start") is False:
        told = "its vocabulary is not that of the encoder that the run started from"
        return Finding("wrong-tokenizer", 0.9, told, data, meaning, advice, effect, k)
    if k.get("unknown", 0) >= t.UNKNOWN:
        told = f"{100 * k['unknown']:.0f} % of the tokens are unknown to it"
        return Finding("wrong-tokenizer", sure(k["unknown"], t.UNKNOWN, 0.5), told, data, meaning, advice, effect, k)
    return None


def cut(m):
    k, c = m.get("truncation", {}), m.get("collate", {})
    advice = "Raise max_length, or split passages so that they fit."
    meaning = "The encoder never reads the part of these passages that answers the question."
    if c.get("expected_longest") and c["longest"] < 0.7 * c["expected_longest"]:
        told = f"the collate function cuts passages at {c['longest']} tokens, the evaluation at {c['expected_longest']}"
        return Finding("answers-cut", 0.9, told, f"{c['questions']} samples", meaning, advice, "an R@1 that counts the whole passage", c)
    if not k:
        return None
    lost = k["cut"] * max(0.0, k["r1_kept"] - k["r1_cut"])
    if k["cut"] < t.CUT and not (k["cut"] > t.CUT / 2 and lost > t.CUT_POINTS):
        return None
    told = (
        f"{100 * k['cut']:.0f} % of the answers lie behind token {k['max_length']}; R@1 is {k['r1_kept']:.0f} where the answer is read and "
        f"{k['r1_cut']:.0f} where it is cut"
    )
    return Finding("answers-cut", max(0.6, sure(k["cut"], t.CUT, t.CUT_SURE)), told, f"{k['questions']} questions", meaning, advice, f"up to {max(lost, 1):.0f} points of R@1, more if the model is trained on whole passages", k)


RULES = (swapped, pooling, mask, title, prefix, tokenizer, cut)
