"""Rules about how texts become vectors: sides, pooling, padding, titles, prefixes, tokenizer, truncation."""

from dpr_course.diagnose import thresholds as t
from dpr_course.diagnose.advice import finding, sure
from dpr_course.diagnose.case import SIDES
from dpr_course.diagnose.fits import contradicted, exactly, supported


def better(m, start):
    """Return (name, {"r1", "gain", "z"}) of the Way with which the run was probably trained in place of the declared one.

    Only Ways whose name begins with `start` are considered; a Way is one choice of how texts become vectors. A Way counts if it
    gains enough R@1 and the recorded losses do not speak against it, or if the recorded losses clearly speak for it. Return
    (None, None) if no Way counts.
    """
    ways = {n: w for n, w in m.get("ways", {}).get("ways", {}).items() if n.startswith(start)}
    good = {n: w for n, w in ways.items() if w["gain"] >= t.GAIN and w["z"] >= t.Z and not contradicted(m, n)}
    exact = exactly(m)
    good |= {n: w for n, w in ways.items() if supported(m, n) and (exact or w["gain"] > -t.GAIN and n != "read as joined")}
    good = {n: w for n, w in good.items() if not untraced(m, n)}
    return max(good.items(), key=lambda item: (supported(m, item[0]), item[1]["gain"]), default=(None, None))


def untraced(m, name):
    """Return whether the embedding tables show that the Way `name` was not used in training.

    A prefix was not used if training changed only embeddings of tokens that are in training questions, and of positions within
    the longest question. A style of reading passages was not used if passages read in this style lack clearly more of the
    tokens whose embeddings changed than passages read in the case's own style.
    """
    query, passage = (m.get("trace", {}).get(side) for side in SIDES)
    if query and name.startswith("prefix ") and name not in ("prefix passage: ", "prefix none"):
        return query["count"] == 0 and query["reach"] is not None and query["reach"] <= query["longest"]
    style = name.removeprefix("read as ")
    return bool(passage) and passage["styles"].get(style, 0) > passage["count"] + t.FOREIGN_STYLE


def looked_at(m):
    """Return the number of questions and passages on which Ways were compared, as text: "120 questions, 240 passages"."""
    return f"{m['ways']['questions']} questions, {m['ways']['passages']} passages"


def by_way(m, start, fault, told="{way}"):
    """Return a Finding of the fault `fault` if the run was probably trained with another Way (see `better`), else None.

    m      the dict that `measure` returned
    start  only Ways whose name begins with this text are considered
    told   describes the Way in the finding's text; in it, {way} stands for the part of the Way's name after `start`
    """
    name, way = better(m, start)
    if name is None:
        return None
    own = name.removeprefix(start).strip()
    measured = f"R@1 is {m['ways']['r1']:.1f} as given, and {way['r1']:.1f} with {told.format(way=own)}"
    confidence = sure(way["gain"], t.GAIN, t.GAIN_SURE)
    if supported(m, name) and exactly(m):
        measured += f"; {repeated(m)}"
        confidence = 0.99
    elif supported(m, name):
        measured += "; the recorded losses are those of that way, and not of the one given"
        confidence = max(confidence, 0.9 if way["gain"] > 0 else 0.75)
    more = {"effect": f"about {way['gain']:.0f} points of R@1 on these questions"} if way["gain"] >= t.GAIN else {}
    return finding(fault, confidence, measured, looked_at(m), dict(way, way=own), **more)


def repeated(m):
    """Return a clause with two losses of the first step: the recorded loss, and the loss that the declared settings give."""
    first = m["first step"]
    return (
        f"the first step, repeated with its random numbers, gives the recorded loss of {first['recorded']['loss']:.4f} that way, and "
        f"{first['tried']['declared']['loss']:.4f} as declared"
    )


def swapped(m):
    if m.get("notes", {}).get("fingerprint") == "exchanged":
        told = "the fingerprint in retriever.json is that of the query encoder: the two folders have been exchanged"
        return finding("swapped-sides", 0.99, told, "all weights")
    if m.get("collate", {}).get("exchanged"):
        told = "the collate function puts the passages into Q and the questions into P"
        return finding("swapped-sides", 0.97, told, f"{m['collate']['questions']} samples")
    ways = m.get("ways", {}).get("ways", {})
    if ways.get("questions centred", {}).get("gain", 0) > t.MORE * ways.get("exchanged", {}).get("gain", 0):
        return None  # exchanging helps only because the vectors of one encoder share a direction
    return by_way(m, "exchanged", "swapped-sides", "the encoders exchanged")


def pooling(m):
    own = m.get("ways", {}).get("pooling")
    if own is None and m.get("mask", {}).get("shift", 0) > t.SHIFT:
        return None  # no pooling gives the vectors of a model that reads padding
    found = by_way(m, "pooling ", "wrong-pooling", "the pooling '{way}'")
    if found and own:
        found.measured += f" (given: '{own}')"
    return found


def mask(m):
    shift, part = m.get("mask", {}).get("shift", 0), m.get("collate", {}).get("mask", 0)
    if shift > t.SHIFT:
        told = f"8 more padding tokens move a vector by {100 * shift:.0f} % of the distance between two texts"
        return finding("mask-ignored", sure(shift, t.SHIFT, 0.1), told, f"{m['mask']['texts']} texts", m["mask"])
    if part > t.COLLATE_MASK:
        told = f"the mask of the collate function is 1 on {100 * part:.0f} % of the padding"
        return finding("mask-ignored", 0.98, told, f"{m['collate']['questions']} samples", {"share": part})
    return by_way(m, "padding read", "mask-ignored", "padding read as text, so training read it too")


def title(m):
    collate, about, titles = m.get("collate", {}), m.get("about", {}), m.get("titles", {})
    if titles and titles["train"] - titles["passages"] > t.TITLES:
        told = (
            f"{100 * titles['train']:.0f} % of the golds of training have a title, and {100 * titles['passages']:.0f} % of the passages "
            "that are searched"
        )
        return finding("title-missing", 0.95, told, f"{about['train']} samples, {about['passages']} passages", titles)
    read = collate.get("style")
    if collate and read and read != about["style"] and "text" in (read, about["style"]):
        told = f"the collate function reads passages as '{read}', the evaluation as '{about['style']}'"
        return finding("title-missing", 0.97, told, f"{collate['questions']} samples", {"training": read, "test": about["style"]})
    return by_way(m, "read as ", "title-missing", "passages read as '{way}'") or by_way(
        m, "the model itself", "title-missing", "the model's own reading of title and text, in place of the evaluation's functions"
    )


def plain(text):
    """Return a prefix in lower case without spaces, since a tokenizer's decoded text may differ in case and spaces."""
    return "".join(text.split()).lower()


def prefix(m):
    c, about = m.get("collate", {}), m.get("about", {})
    for side in ("question", "passage") if c else ():
        found, now = ((part.get(f"{side}_prefix") or "").strip() for part in (c, about))
        if plain(found) != plain(now):
            told = f"the {side}s of training begin with {found!r}, those of the evaluation with {now!r}"
            return finding("prefix-missing", 0.95, told, f"{c['questions']} samples", {"training": found, "test": now})
    return by_way(m, "prefix ", "prefix-missing", "the prefix '{way}'")


def tokenizer(m):
    k, start = m.get("tokenizer", {}), m.get("ways", {}).get("ways", {}).get("the start's tokenizer")
    data = f"{k.get('tokens')} tokens"
    if k.get("rows") and k["highest"] >= k["rows"]:
        return finding("wrong-tokenizer", 0.99, f"token ids reach {k['highest']}, but the embedding has {k['rows']} rows", data, k)
    if start is not None and (start["gain"] >= t.GAIN and start["z"] >= t.Z or supported(m, "the start's tokenizer")):
        told = f"R@1 is {m['ways']['r1']:.1f} as given, and {start['r1']:.1f} with the tokenizer of the untrained encoder"
        return finding("wrong-tokenizer", max(0.95, sure(start["gain"], t.GAIN, t.GAIN_SURE)), told, looked_at(m), start)
    if k.get("same_as_start") is False:
        return finding("wrong-tokenizer", 0.9, "its vocabulary is not that of the encoder that the run started from", data, k)
    if k.get("unknown", 0) >= t.UNKNOWN:
        told = f"{100 * k['unknown']:.0f} % of the tokens are unknown to it"
        return finding("wrong-tokenizer", sure(k["unknown"], t.UNKNOWN, 0.5), told, data, k)
    return None


def wasted(m):
    c = m.get("collate", {})
    if c.get("blank", 0) < t.BLANK:
        return None
    told = f"{100 * c['blank']:.0f} % of the columns of a batch of {c['questions']} questions are padding in every row"
    effect = f"up to {1 / max(0.05, 1 - c['blank']):.0f} times as fast on that side, and the same vectors"
    return finding("padding-wasted", 0.6, told, f"{c['questions']} samples", {"blank": c["blank"]}, effect=effect)


def cut(m):
    k, c = m.get("truncation", {}), m.get("collate", {})
    if c.get("expected_longest") and c["longest"] < 0.7 * c["expected_longest"]:
        told = f"the collate function cuts passages at {c['longest']} tokens, the evaluation at {c['expected_longest']}"
        return finding("answers-cut", 0.9, told, f"{c['questions']} samples", c)
    if not k:
        return None
    lost = k["cut"] * max(0.0, k["r1_kept"] - k["r1_cut"])
    if k["cut"] < t.CUT and not (k["cut"] > t.CUT / 2 and lost > t.CUT_POINTS):
        return None
    told = (
        f"{100 * k['cut']:.0f} % of the answers lie behind token {k['max_length']}; R@1 is {k['r1_kept']:.0f} where the answer is read and "
        f"{k['r1_cut']:.0f} where it is cut"
    )
    return finding("answers-cut", max(0.6, sure(k["cut"], t.CUT, t.CUT_SURE)), told, f"{k['questions']} questions", k)


RULES = (swapped, pooling, mask, title, prefix, tokenizer, cut, wasted)
