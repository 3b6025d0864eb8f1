"""Rules about splits and evaluation: leaks between splits, the choice of the epoch, the index, the cut-off of hits, and ids."""

from dpr_course.diagnose import thresholds as t
from dpr_course.diagnose.advice import finding, sure


def leak(m):
    k = m.get("leak", {})
    if not k:
        return None
    share, count, name = max((k["questions"], k["validation"], "validation"), (k["held_questions"], k["held"], "held-out"))
    if share >= t.LEAK and share * count >= 2:
        told = f"{100 * share:.0f} % of the {name} questions were trained on"
        return finding("development-leak", max(0.9, sure(share, t.LEAK, 0.2)), told, f"{count} questions", k)
    most = max(k["golds"], k["held_golds"])
    if most < t.LEAK_GOLDS:
        return None
    told = (
        f"the golds of {100 * k['golds']:.0f} % of the validation and {100 * k['held_golds']:.0f} % of the held-out questions are golds of "
        "training questions"
    )
    return finding("development-leak", sure(most, t.LEAK_GOLDS, 0.6), told, f"{k['validation'] + k['held']} questions", k)


def choice(m):
    k, c = m.get("leak", {}), m.get("evaluation", {}).get("choice", {})
    if k and k["held_reported"] >= t.CHOSEN:
        told = f"{100 * k['held_reported']:.0f} % of the questions that choose the epoch are reported ones"
        return finding("epoch-on-reported", 0.97, told, f"{k['held']} questions", k)
    if c and c["reported"] and (c["held_out"] is None or abs(c["held_out"] - c["best"]) > 0.05):
        told = f"the score of the chosen epoch, {c['best']:.2f}, is R@{c['reported']} of the validation questions"
        told += "" if c["held_out"] is None else f"; the held-out questions give {c['held_out']:.2f}"
        return finding("epoch-on-reported", 0.93, told, f"{k['validation']} questions", c)
    return None


def parts(m):
    """Return the measures of the evaluation as (index, ids, hits, reported, recomputed), with {} for a missing measure.

    `m` is the dict that `measure` returned. `reported` and `recomputed` are {k: R@k in percent}. Their keys are converted to
    numbers, since they are text if `m` was read from JSON.
    """
    e = m.get("evaluation", {})
    index, ids, hits = (e.get(n) or {} for n in ("index", "ids", "hits"))
    reported, now = ({int(k): v for k, v in (e.get(n) or {}).items()} for n in ("reported", "recomputed"))
    return index, ids, hits, reported, now


def index(m):
    stored, ids, _, reported, now = parts(m)
    if stored:
        if stored["rows"] and stored["share"] < t.DIFFERENT_INDEX:
            return None
        told = f"{100 * stored.get('share', 1):.0f} % of the stored vectors differ from those that the encoder makes now"
        return finding(
            "foreign-index",
            0.97,
            told if stored["rows"] else "no id of the index is a passage",
            f"{stored['rows']} vectors",
            stored,
        )
    if m.get("notes", {}).get("fingerprint") == "other" and m.get("tokenizer", {}).get("same_as_start") is not False:
        told = "the fingerprint in retriever.json does not fit the weights in the folder: the passage encoder has been replaced"
        return finding("foreign-index", 0.9, told, "all weights", advice="Put the saved passage encoder back, or train again.")
    common = sorted(set(reported) & set(now))
    off = now[common[0]] - reported[common[0]] if common else 0
    if off > t.REPORTED and not any(ids.values()):
        told = f"R@{common[0]} is reported as {reported[common[0]]:.1f}; this encoder gives {now[common[0]]:.1f}"
        return finding("foreign-index", sure(off, t.REPORTED, 20), told, f"{m['about']['questions']} questions", {"off": off})
    return None


def cut_off(m):
    _, _, hits, reported, now = parts(m)
    deepest = max(reported, default=100)
    if hits and 0 < hits["depth"] < min(deepest, m["about"]["passages"]):
        told = f"a question has {hits['depth']} passages, but R@{deepest} is counted"
        return finding("cut-off", 0.95, told, f"{hits['questions']} questions", hits)
    common = sorted(set(reported) & set(now))
    flat = [(a, b) for a, b in zip(common, common[1:]) if reported[a] == reported[b] and now[b] - reported[b] > 1.0]
    if not flat:
        return None
    a, b = flat[0]
    told = f"R@{b} is reported as {reported[b]:.1f}, the same as R@{a}; recomputed it is {now[b]:.1f}"
    return finding("cut-off", 0.93, told, f"{m['about']['questions']} questions", {"k": a})


def twice(m):
    _, ids, hits, _, _ = parts(m)
    if hits.get("twice"):
        told = f"{100 * hits['twice']:.0f} % of the questions have a passage more than once among their hits"
        return finding("duplicate-ids", 0.97, told, f"{hits['questions']} questions", hits)
    if any(ids.values()):
        told = f"{ids['passages']} ids of passages and {ids['questions']} of questions occur more than once"
        return finding("duplicate-ids", 0.97, told, f"{m['about']['passages']} passages, {m['about']['questions']} questions", ids)
    return None


RULES = (leak, choice, index, cut_off, twice)
