"""Makes pseudo-questions from sentences, by rules that imitate how people ask. The toy reader is pre-trained on them.

Examples from "The jeweller Harry Winston gave the stone to a museum in 1958", in the passage with the title "Hope Diamond":
    who gave hope diamond to museum            Harry Winston
    when did winston give the hope diamond     1958

A *span*, a piece of the passage, is chosen as the answer. Its kind (person, place, date, count, name, noun, title) decides how
the question begins. The rest of the question is made of words near the span, in lower case, some of them changed or replaced.
Most questions are not good English. They teach a reader where to look, and which kind of answer to return.
"""

import re
from dataclasses import dataclass

from pseudo_tables import (
    COUNT,
    DATE,
    FIRST_NAMES,
    MEASURES,
    NOT_ROLES,
    PLACES,
    PRONOUNS,
    ROLE_ENDINGS,
    ROLES,
    STOP,
    SYNONYMS,
)  # fmt: skip

NAME = re.compile(r"\b[A-Z][\w’'-]*(?:(?: (?:of|the|de|la|le|van|von|der|du|di|da|del|of the))? (?:[A-Z][\w’'-]*|[IVX]+\b|\d\b))*")
NOUN = re.compile(r"\b(?:a|an|the|his|her|their|its|called|of|with|into|from|as|for|by) ((?:[a-z][a-z-]+ )?[a-z][a-z-]{2,})\b")
SENTENCE = re.compile(r"(?<=[.!?])[\"')”’]* +(?=[A-Z\"'(“‘0-9])")
BEFORE = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|his|her|its|their|whose|first|by|of) (?:[\w-]+ ){0,2}?([a-z-]{3,})(?: of|,| called| named)? $"
)
AFTER = re.compile(r"^, (?:a|an|the|his|her|its|then) (?:[\w-]+ ){0,2}?([a-z-]{3,})\b")
IN = re.compile(r"\b(?:in|at|near|from|to|across|outside|off|into|through)(?: the)? $")
ACTS = re.compile(r"^ (?:who\b|and [A-Z]|[a-z]+ed\b|wrote|won|said|led|made|became|took|found|gave|built|began|had|sang|drew)")
PEOPLE = re.compile(r"^(?:\w+(?:ish|ese|[ei]ans?|eans?)|Dutch|French|Greeks?|Czech|Swiss|Norman|Germans?|Romans?|Scots?)$")
WORD = re.compile(r"[\w][\w’'-]*")

KINDS = {"person": 0.32, "date": 0.19, "place": 0.12, "count": 0.07, "name": 0.13, "noun": 0.12, "title": 0.05}
ASK = {
    "person": [("who", 10), ("who was the", 1), ("who is the", 1), ("name of the", 0.4), ("which", 0.5), ("what", 0.4)],
    "place": [("where", 7), ("what city", 0.7), ("what country", 0.7), ("which country", 0.5), ("what place", 0.3), ("what is the", 0.5)],
    "date": [("when", 8), ("what year", 1), ("in what year", 0.6), ("in which year", 0.4), ("what day", 0.2)],
    "count": [("how many", 5), ("how much", 0.3), ("how old", 0.3), ("how long", 0.3)],
    "name": [("what", 5), ("which", 4), ("what is the name of the", 1), ("who", 1.2), ("what was the", 1)],
    "noun": [("what", 6), ("what is the", 1), ("which", 1), ("what kind of", 1), ("what type of", 0.5), ("how", 0.3), ("why", 0.3)],
    "title": [("which", 4), ("what", 3), ("who", 2), ("name of the", 0.3)],
}  # fmt: skip
HELPERS = ["did"] * 5 + ["was"] * 4 + ["is", "does", "were", "do", "has"]
NOUNS = {"place": "city country town island state place village".split()}

FORMS = {}
for _row in SYNONYMS:
    for _word in _row:
        FORMS.setdefault(_word, set()).update(_row)


@dataclass(frozen=True)
class Span:
    """A span that may be an answer: text[start:end] of a passage, or the passage's title if kind is "title"."""

    start: int
    end: int
    kind: str
    noun: str = ""  # the noun in the text that describes the span, such as "jeweller", or ""


def is_role(word):
    return word in ROLES or (word.endswith(ROLE_ENDINGS) and word not in NOT_ROLES and len(word) > 4)


def name_kind(text, start, end, noun):
    """Return the kind of the name text[start:end]: "person", "place" or "name". `noun` is what `noun_of` returns for it."""
    words = text[start:end].split()
    if words[0] in FIRST_NAMES or is_role(noun) or (len(words) > 1 and is_role(words[0].lower())):
        return "person"
    if words[-1] in PLACES or words[0] in PLACES or noun in NOUNS["place"]:
        return "place"
    if IN.search(text[max(0, start - 14) : start]):
        return "place"
    by = text[max(0, start - 3) : start] == "by "
    return "person" if by or ACTS.match(text[end : end + 12]) and len(words) <= 2 else "name"


def noun_of(text, start, end):
    """Return the noun beside text[start:end] that describes it, as in "Judith Keppel, a designer", or "" if there is none."""
    for found in (BEFORE.search(text[max(0, start - 45) : start]), AFTER.match(text[end : end + 45])):
        if found and found[1] not in STOP and not found[1].endswith(("ed", "ly", "ing")):
            return found[1]
    return ""


def sentences(text):
    """Return a list with (start, end) for each sentence of a text, counted in characters."""
    cuts = [0, *(m.end() for m in SENTENCE.finditer(text)), len(text)]
    return list(zip(cuts, cuts[1:]))


def find_spans(title, text):
    """Return the spans of a passage that may be answers. They do not overlap. The last span stands for the title."""
    spans, taken = [], set()
    small, starts = set(re.findall(r"\b[a-z]+\b", text)), {a for a, _ in sentences(text)}

    def add(start, end, kind, noun=""):
        if end - start > 1 and taken.isdisjoint(range(start, end)) and len(text[start:end].split()) <= 6:
            taken.update(range(start, end))
            spans.append(Span(start, end, kind, noun))

    for m in DATE.finditer(text):
        if m[0] not in ("May", "March", "August"):
            add(*m.span(), "date")
    for m in COUNT.finditer(text):
        after = re.match(r" ([a-z-]+)", text[m.end() :])
        noun = after[1] if after and after[1] not in STOP else ""
        unit = any(noun in units.split() for units in MEASURES.values()) and m[0] + " " + noun
        add(m.start(), m.start() + len(unit or m[0]), "count", noun)
    for m in NAME.finditer(text):
        start, end = m.span()
        first = m[0].split()[0]
        opens = start in starts and (first.lower() in STOP | small or first in ("When", "Its", "Early"))
        if opens or (first.lower() in STOP and " " in m[0]):  # The Hague, An American
            start += len(first) + 1
        if text[start:end].endswith(("'s", "’s")):
            end -= 2
        if end - start > 2 and not PEOPLE.match(text[start:end]):
            noun = noun_of(text, start, end)
            add(start, end, name_kind(text, start, end, noun), noun)
    for m in NOUN.finditer(text):
        words = m[1].split()
        if words[0] in STOP or words[0].endswith("ly"):
            continue
        whole = len(words) == 1 or words[1] not in STOP
        last = words[1] if len(words) > 1 and whole else words[0]
        if not last.endswith(("ed", "ing", "ly")):
            add(m.start(1), m.end() if whole else m.start(1) + len(words[0]), "noun")
    return [*spans, Span(0, 0, "title")]


def plain(word):
    """Return a word as it is written in a question: in lower case, without a possessive ending ('s)."""
    return re.sub(r"['’]s?$", "", word.lower())


def family_noun(family):
    """Return the noun for one member of a family (group of passages): "moons of jupiter" -> "moon", "star wars films" -> "film"."""
    head = re.split(r" (?:of|in|after|to|from|and|between) ", family)[0].split()[-1]
    return re.sub(r"(?<=[^s])s$", "", re.sub(r"ies$", "y", head))


class Asker:
    """Makes pseudo-questions from passages, which are dicts with title, text and family. `rng` makes all random choices."""

    def __init__(self, passages, rng):
        self.rng, self.passages = rng, passages
        self.spans = [find_spans(p["title"], p["text"]) for p in passages]
        self.by_kind = {k: [] for k in KINDS}
        for i, spans in enumerate(self.spans):
            for span in spans:
                self.by_kind[span.kind].append((i, span))
        self.vocabulary = sorted({plain(w) for p in passages for w in WORD.findall(p["text"])} - STOP)

    def draw(self):
        """Return (index of a passage, question, answer) for a random span of a random passage."""
        kinds = {kind: weight for kind, weight in KINDS.items() if self.by_kind[kind]}
        while True:
            kind = self.rng.choices(list(kinds), list(kinds.values()))[0]
            i, span = self.rng.choice(self.by_kind[kind])
            p = self.passages[i]
            answer = re.sub(r" \(.*\)$", "", p["title"]) if kind == "title" else p["text"][span.start : span.end]
            question = self.question(p, span, answer)
            if question:
                return i, question, answer

    def question(self, p, span, answer):
        """Return a question about the passage `p` whose answer is `span`, with the text `answer`; None if it has too few words."""
        rng, text = self.rng, p["text"]
        hidden = {plain(w) for w in WORD.findall(answer)} - STOP
        at = rng.choice(sentences(text)) if span.kind == "title" else next(s for s in sentences(text) if s[0] <= span.start < s[1])
        center = rng.randint(*at) if span.kind == "title" else span.start
        words = [(m.start() + at[0], plain(m[0])) for m in WORD.finditer(text[at[0] : at[1]])]
        words = [w for w in words if w[1] and not (span.start <= w[0] < span.end) and w[1] not in hidden]
        title = [w for w in map(plain, WORD.findall(re.sub(r" \(.*\)$", "", p["title"]))) if w]
        known = span.kind != "title" and hidden.isdisjoint(title)
        body = self.body(words, center, title if known and rng.random() < 0.75 else [])
        if rng.random() < 0.35:  # words from elsewhere in the passage
            extra = [w for w in map(plain, WORD.findall(text)) if w not in STOP and w not in hidden]
            for w in rng.sample(extra, min(len(extra), rng.randint(1, 3))):
                body.insert(rng.randint(0, len(body)), w)
        if rng.random() < 0.3:  # and one from any passage
            body.insert(rng.randint(0, len(body)), rng.choice(self.vocabulary))
        body = [w for w in (self.other_form(w) for w in body) if w not in hidden]
        if sum(w not in STOP for w in body) < 2:
            return None
        ask = self.ask(span, p.get("family", ""), subject=all(w[0] > span.start for w in words[:2]))
        return " ".join([*body, ask] if rng.random() < 0.05 else [ask, *body])

    def body(self, words, center, title):
        """Return some words of the pairs (position, word) `words`, mostly from near `center`, and some words of `title`, as a list."""
        rng, kept, placed = self.rng, [], not title
        thin, limit = rng.uniform(0.4, 1.0), rng.randint(3, 9)
        title = [w for w in title if rng.random() < 0.85]
        for start, word in words:
            near = max(0.3, 1 - abs(start - center) / 120)
            if not placed and word in PRONOUNS and rng.random() < 0.7:
                kept.append((0, title))
                placed = True
            elif rng.random() < thin * (0.5 if word in STOP else near):
                kept.append((abs(start - center) * rng.uniform(0.5, 1.5), [word]))
        cut = sorted(k[0] for k in kept)[: limit + 1]
        kept = [k[1] for k in kept if len(kept) <= limit or k[0] < cut[-1]]
        if not placed and title:
            kept.insert(rng.choice([0, len(kept), rng.randint(0, len(kept))]), title)
        if rng.random() < 0.2:
            k = rng.randint(0, len(kept))
            kept = kept[k:] + kept[:k]
        return sum(kept, [])

    def other_form(self, word):
        """Return the word itself or, at random, another form of it or a word that can replace it."""
        rng = self.rng
        if word in FORMS and rng.random() < 0.5:
            return rng.choice(sorted(FORMS[word]))
        if len(word) > 5 and word not in STOP and rng.random() < 0.3:
            for ending in ("ied", "ed", "ing", "es", "s", "ly"):
                if word.endswith(ending):
                    return word[: -len(ending)] + {"ied": "y"}.get(
                        ending, rng.choice(["", "", "e"]) if ending in ("ed", "ing") else ""
                    )
        return word

    def ask(self, span, family, subject):
        """Return the beginning of a question, such as "when did". `family` is the passage's family ("moons of jupiter") or "".

        subject: whether `span` is taken as the subject of its sentence: "who" then gets no "did" ("who gave", not "who did").
        """
        rng = self.rng
        noun = family_noun(family) if span.kind == "title" and family else span.noun
        start = rng.choices(*zip(*ASK[span.kind]))[0]
        if span.kind == "count" and noun:
            measures = [k for k, units in MEASURES.items() if noun in units.split()]
            start = rng.choice(measures) if measures else f"how many {noun}"
        elif noun and rng.random() < (0.75 if start in ("which", "what") else 0.25):
            start = rng.choice(["which", "what", "what", "name of the", "what is the name of the", ""]) + " " + noun
        else:
            helped = (span.kind == "place" and start == "where") or span.kind in ("date", "count", "noun") or not subject
            if helped and rng.random() < 0.75 and not start.endswith("the"):
                start += " " + rng.choice(HELPERS)
        return start.strip()
