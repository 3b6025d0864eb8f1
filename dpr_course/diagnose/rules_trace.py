"""Rules about the trace that training leaves in the embedding tables: which tokens and positions each side has read."""

from dpr_course.diagnose import thresholds as t
from dpr_course.diagnose.advice import finding
from dpr_course.diagnose.case import SIDES
from dpr_course.diagnose.sample import PREFIXES


def looked(part):
    return f"the embedding rows of all tokens, {part['texts']} training texts"


def swapped(m):
    parts = [m.get("trace", {}).get(side) for side in SIDES]
    if not all(parts) or m.get("sides", {}).get("tied"):
        return None
    if any(p["count"] < t.FOREIGN_MANY or p["exchanged"] > t.FOREIGN_LEFT * p["count"] for p in parts):
        return None
    told = (
        f"{parts[0]['count']} tokens were trained in the query encoder that no training question holds, and {parts[1]['count']} in the "
        "passage encoder that no passage holds; the texts of the other side hold them"
    )
    return finding("swapped-sides", 0.98, told, looked(parts[1]), {"tokens": [p["count"] for p in parts]})


def padding(m):
    """Return a Finding if a side read padding in training, else None.

    The evidence is that training changed the embeddings of positions far beyond the end of this side's longest training text.
    """
    for side, part in m.get("trace", {}).items():
        last, longest = part["reach"], part["longest"]
        if last and last > t.REACH * longest + t.REACH_MORE and part["count"] <= t.FOREIGN_FEW:
            told = (
                f"the {side.replace('_', ' ')} was trained on {last} positions, but its longest training text has {longest} tokens"
            )
            return finding("mask-ignored", 0.95, told, looked(part), {"reach": last, "longest": longest})
    return None


def title(m):
    part = m.get("trace", {}).get(SIDES[1])
    if not part or not part["styles"] or part["count"] < t.FOREIGN_STYLE:
        return None
    style = min(part["styles"], key=part["styles"].get)
    if part["styles"][style] > t.FOREIGN_LEFT * part["count"]:
        return None
    told = (
        f"{part['count']} tokens were trained in the passage encoder that no training passage holds as it is read now "
        f"('{m['about']['style']}'); read as '{style}' they hold them"
    )
    return finding("title-missing", 0.96, told, looked(part), {"tokens": part["count"], "style": style})


def prefix(m):
    """Return a Finding if a side's texts had a prefix in training that they lack in the evaluation, else None.

    The evidence is that training changed the embeddings of a few tokens about as much as those of frequent tokens, although no
    training text of this side holds these few tokens.
    """
    for side, part in m.get("trace", {}).items():
        if not 1 <= part["count"] <= t.FOREIGN_FEW:
            continue
        longer = part["reach"] is None or part["reach"] > part["longest"]
        if not (longer or {word.strip("#") for word in part["foreign"]} <= _known(side)):
            continue
        told = (
            f"the {side.replace('_', ' ')} was trained on the tokens {', '.join(part['foreign'])} as often as on frequent words, but no "
            f"training text holds them as it is read now"
        )
        return finding("prefix-missing", 0.93, told, looked(part), {"tokens": part["foreign"]})
    return None


def _known(side):
    """Return all substrings, in lower case, of the words in one side's usual prefixes: a tokenizer may split words into these."""
    words = " ".join(pair[SIDES.index(side)] for pair in PREFIXES.values()).lower().replace("_", " _ ").replace(":", " :").split()
    return {word[a:b] for word in words for a in range(len(word)) for b in range(a + 1, len(word) + 1)}


RULES = (swapped, padding, title, prefix)
