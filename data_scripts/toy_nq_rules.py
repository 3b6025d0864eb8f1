"""The rules of the authored toy Natural Questions. Each check yields one message for each broken rule."""

import re
import statistics
from collections import Counter, defaultdict

from answer_spellings import missing_spellings

DOMAIN_PASSAGES = 50
MOST_ANSWERS = 6  # a date in both orders, with and without its year, and the year alone are already five
# An answer may occur in at most this number of passages of other families. The answer "two" would occur in 290 of them, so that
# almost any passage found would seem to hold the answer.
MOST_PASSAGES = 250

# Words that say nothing about the topic. The other words of a question are its content words.
STOP_WORDS = set(
    """
    a an the of in on at to for from by with and or is are was were be been being do does did has have had
    who whom whose what when where which why how many much it its this that these those as s t i you he she
    they we his her their there
    """.split()
)


def words(text):
    """Return the list of words of a text in lower case, for comparing texts. (Lengths are counted with `str.split` instead.)"""
    return re.findall(r"\w+", text.lower())


def contains(haystack, needle):
    """Return whether the words `needle` occur next to each other, in this order, in the list of words `haystack`."""
    n = len(needle)
    return n > 0 and any(haystack[i : i + n] == needle for i in range(len(haystack) - n + 1))


def overlap(question, passage):
    """Return the share of the question's content words that occur in the passage's title or text."""
    content = [w for w in words(question) if w not in STOP_WORDS]
    seen = set(words(passage["title"] + " " + passage["text"]))
    return sum(w in seen for w in content) / max(1, len(content))


def check_passage(p):
    """Check the rules for one line of an authored file, the object `p`. Yields one message for each broken rule."""
    if not isinstance(p, dict) or set(p) != {"family", "title", "text", "questions"}:
        yield "a line must be an object with exactly family, title, text, questions"
        return
    for field in ("family", "title", "text"):
        if not isinstance(p[field], str) or p[field] != p[field].strip() or not p[field]:
            yield f"{field} must be a non-empty string without spaces at its ends"
            return
    if re.search(r"\s\s|[\n\t]", p["text"]):
        yield "text has a double space, tab or line break"
    n = len(p["text"].split())
    if not 60 <= n <= 110:
        yield f"text has {n} words, must have 60 to 110"
    if not p["text"].endswith((".", "!", "?", '."', ".”")):
        yield "text must end with a full sentence"
    if len(p["title"].split()) > 10:
        yield "title is longer than 10 words"
    if not isinstance(p["questions"], list) or len(p["questions"]) > 2:
        yield "questions must be a list of at most 2"
        return
    for q in p["questions"]:
        yield from check_question(q, p)


def check_question(q, p):
    if not isinstance(q, dict) or set(q) - {"also"} != {"question", "answers"}:
        yield "a question must be an object with exactly question, answers and, where other passages answer it too, also"
        return
    also = q.get("also", ["-"])
    if not isinstance(also, list) or not also or not all(isinstance(i, str) for i in also) or len(set(also)) < len(also):
        yield f"also must be a list of distinct ids of passages: {also!r}"
        return
    text, answers = q["question"], q["answers"]
    if not isinstance(text, str) or text != text.strip() or text != text.lower() or "?" in text or "  " in text:
        yield f"question must be lower case, without question mark or stray spaces: {text!r}"
        return
    if not 5 <= len(text.split()) <= 14:
        yield f"question has {len(text.split())} words, must have 5 to 14: {text!r}"
    if not isinstance(answers, list) or not 1 <= len(answers) <= MOST_ANSWERS:
        yield f"answers must be a list of 1 to {MOST_ANSWERS} strings: {text!r}"
        return
    for a in answers:
        if not isinstance(a, str) or not words(a) or a != a.strip() or len(a.split()) > 8:
            yield f"answer must be a short string (1 to 8 words): {a!r}"
            return
        if contains(words(text), words(a)):
            yield f"question contains its answer {a!r}: {text!r}"
    if len({a.lower() for a in answers}) < len(answers):
        yield f"answers hold one string twice: {answers}"
    if missing := missing_spellings(text, answers):
        yield f"answers {answers} lack another spelling, {missing}: {text!r}"
    if not any(contains(words(p["text"]), words(a)) for a in answers):
        yield f"no answer of {answers} is found in the text: {text!r}"
    if overlap(text, p) == 0:
        yield f"question shares no content word with its passage: {text!r}"


def check_domain(passages):
    """Check the rules for one authored file, given as the list of its passages. Yields one message for each broken rule."""
    counts = Counter(len(p["questions"]) for p in passages)
    if len(passages) != DOMAIN_PASSAGES:
        yield f"has {len(passages)} passages, must have {DOMAIN_PASSAGES}"
    if counts[2] != 2 or counts[0] != 2:
        yield f"has {counts[2]} passages with two questions and {counts[0]} with none, must have 2 and 2"
    for family, n in Counter(p["family"] for p in passages).items():
        if n < 3:
            yield f"family {family!r} has {n} passages, must have at least 3"
    titles = Counter(p["title"] for p in passages)
    share = sum(n > 1 for n in titles.values()) / len(titles)
    if not 0.10 <= share <= 0.27:
        yield f"{share:.0%} of titles carry several passages, must be 10 to 27 %"
    if max(titles.values()) > 4:
        yield f"title {titles.most_common(1)[0][0]!r} carries more than 4 passages"


def near_duplicates(passages, limit=0.3):
    """Yield (passage, passage, similarity) for each pair whose word 3-grams have a Jaccard similarity of `limit` or more."""
    grams = []
    index = defaultdict(list)
    for i, p in enumerate(passages):
        w = words(p["text"])
        grams.append({tuple(w[j : j + 3]) for j in range(len(w) - 2)})
        for g in grams[i]:
            index[g].append(i)
    shared = Counter()
    for ids in index.values():
        for a in range(len(ids)):
            for b in ids[a + 1 :]:
                shared[ids[a], b] += 1
    for (a, b), n in shared.items():
        jaccard = n / (len(grams[a]) + len(grams[b]) - n)
        if jaccard >= limit:
            yield passages[a], passages[b], jaccard


def statistics_of(passages):
    """Return the statistics of the toy data, {name: value}, which should be close to those of real Natural Questions."""
    pairs = [(q["question"], p) for p in passages for q in p["questions"]]
    lengths = sorted(len(q.split()) for q, _ in pairs)
    shares = [overlap(q, p) for q, p in pairs]
    titles = Counter(p["title"] for p in passages)
    return {
        "passages": len(passages),
        "questions": len(pairs),
        "passage words, mean": round(statistics.mean(len(p["text"].split()) for p in passages), 1),
        "question words, mean": round(statistics.mean(lengths), 2),
        "question words, 5 to 95 %": [lengths[len(lengths) // 20], lengths[-1 - len(lengths) // 20]],
        "overlap, mean": round(statistics.mean(shares), 3),
        "overlap, quartiles": [round(x, 2) for x in statistics.quantiles(shares, n=4)],
        "titles with several passages": round(sum(n > 1 for n in titles.values()) / len(titles), 3),
        "families": len({(p.get("domain"), p["family"]) for p in passages}),
        "first words": dict(Counter(q.split()[0] for q, _ in pairs).most_common(8)),
    }


def check_statistics(s):
    """Check the rules for `s`, what `statistics_of` returns for all passages together. Yields one message for each broken rule."""
    if not 75 <= s["passage words, mean"] <= 85:
        yield f"mean passage length is {s['passage words, mean']} words, must be 75 to 85"
    if not 8.5 <= s["question words, mean"] <= 9.8:
        yield f"mean question length is {s['question words, mean']} words, must be 8.5 to 9.8"
    if not 0.57 <= s["overlap, mean"] <= 0.67:
        yield f"mean overlap is {s['overlap, mean']}, must be 0.57 to 0.67"
    for have, want in zip(s["overlap, quartiles"], (0.50, 0.67, 0.80)):
        if abs(have - want) > 0.07:
            yield f"overlap quartiles are {s['overlap, quartiles']}, must be near 0.50, 0.67, 0.80"
            break
    if not 0.12 <= s["titles with several passages"] <= 0.25:
        yield f"share of titles with several passages is {s['titles with several passages']}, must be 0.12 to 0.25"


def common_answers(passages):
    """Yield (passage, answer, n) for each answer of a passage that occurs in n passages of other families, n > MOST_PASSAGES."""
    texts = [f" {' '.join(words(p['text']))} " for p in passages]
    families = [(p["domain"], p["family"]) for p in passages]
    for p in passages:
        for answer in (a for q in p["questions"] for a in q["answers"]):
            wanted = f" {' '.join(words(answer))} "
            n = sum(wanted in t and f != (p["domain"], p["family"]) for t, f in zip(texts, families))
            if n > MOST_PASSAGES:
                yield p, answer, n


def check_also(passages, whole=True):
    """Check the second sources of questions: the other passages that answer a question, which its field `also` names.

    Yields one message per broken rule. A second source must exist, differ from the gold passage, and hold an answer. It must
    not share more content words with the question than the gold passage does. If `whole` is false, `passages` are only a part
    of the knowledge base, and ids from other domains are accepted.
    """
    by_id = {p["id"]: p for p in passages}
    domains = {p["domain"] for p in passages}
    for p in passages:
        for q in p["questions"]:
            for i in q.get("also", ()):
                if i == p["id"]:
                    yield f"{p['where']}: also names the gold passage itself: {q['question']!r}"
                elif i not in by_id:
                    if whole or i.rpartition("-")[0] in domains:
                        yield f"{p['where']}: also names {i!r}, which is not a passage: {q['question']!r}"
                elif not any(contains(words(by_id[i]["text"]), words(a)) for a in q["answers"]):
                    yield f"{p['where']}: also names {i}, which holds no answer of {q['answers']}: {q['question']!r}"
                elif overlap(q["question"], by_id[i]) > overlap(q["question"], p):
                    yield f"{p['where']}: also names {i}, which has more words of the question than the gold: {q['question']!r}"


def check_all(passages, whole=True):
    """Check the rules that concern several passages together, for example that no two passages have the same text.

    Yields one message for each broken rule. `whole` says whether `passages` are all passages of the knowledge base.
    """
    seen = {}
    for p in passages:
        for key in [("text", p["text"])] + [("question", q["question"]) for q in p["questions"]]:
            if key in seen:
                yield f"{p['where']}: same {key[0]} as {seen[key]}"
            seen[key] = p["where"]
    for a, b, jaccard in near_duplicates(passages):
        yield f"{b['where']}: wording too close to {a['where']} (3-gram Jaccard {jaccard:.2f}, must be below 0.30)"
    for p, answer, n in common_answers(passages):
        yield f"{p['where']}: answer {answer!r} stands in {n} passages of other families, must be at most {MOST_PASSAGES}"
    yield from check_also(passages, whole)
