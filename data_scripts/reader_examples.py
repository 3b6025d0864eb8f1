"""Makes batches to pre-train the toy reader: pseudo-questions, each with several passages to read.

One passage is the gold passage, from which the question was made; the others are distractors. In some examples, names are
replaced by other names, in the same way in question, passages and answer. A reader cannot answer such a question from memory
of the passages: it must read.
"""

from pseudo_questions import STOP, WORD, Asker, plain

from dpr_course.reader.batch import pad_rows

COMMON = 100  # a word that is in at least this number of passages is not used to choose distractors
# A random number from 0 to 1 chooses the kind of a distractor. Below SHARED, the distractor shares a word with the question.
# Below FAMILY, it is of the gold passage's family (such as "moons of jupiter"). Otherwise it is of the same domain (such as
# astronomy).
SHARED, FAMILY = 0.5, 0.8
RENAMED = 0.7  # share of the names that are renamed in an example with renaming


class Examples:
    """A source of batches. `passages` are dicts with title, text, family and domain. `rng` makes all random choices."""

    def __init__(self, passages, tokenizer, rng):
        self.passages, self.tokenizer, self.rng, self.asker = passages, tokenizer, rng, Asker(passages, rng)
        self.question = self.ids(["question:"])[0]
        self.titles = self.ids([f"title: {p['title']} context:" for p in passages])
        self.texts = self.ids([p["text"] for p in passages])
        self.groups, self.holders = {}, {}
        for i, p in enumerate(passages):
            for group in (p["family"], p["domain"]):
                self.groups.setdefault(group, []).append(i)
            for word in {plain(w) for w in WORD.findall(f"{p['title']} {p['text']}")}:
                self.holders.setdefault(word, []).append(i)
        number = tokenizer.get_vocab()
        common = {"▁" + word.capitalize() for word in STOP}
        names = [t for t in number if t[1:2].isupper() and t[0] == "▁" and len(t) > 3 and t not in common]
        # A token with a capital and the same token in lower case are replaced together, so that question and passage still
        # match.
        self.names = sorted((number[t], number.get(t.lower(), number[t])) for t in names)

    def ids(self, texts):
        return self.tokenizer(texts, add_special_tokens=False).input_ids

    def read(self, gold, question, n):
        """Return the indices of `n` passages in random order: `gold` itself, and distractors chosen for the text `question`.

        If there are fewer than `n` passages, all indices are returned.
        """
        rng, p, chosen = self.rng, self.passages[gold], [gold]
        words = [w for w in question.split() if 1 < len(self.holders.get(w, ())) < COMMON]
        n = min(n, len(self.passages))
        while len(chosen) < n:
            r = rng.random()
            if r < SHARED and words:
                k = rng.choice(self.holders[rng.choice(words)])
            else:  # any passage, if the group may have no other passages left
                group = self.groups[p["family"] if r < FAMILY else p["domain"]]
                k = rng.choice(group if len(group) > len(chosen) else range(len(self.passages)))
            if k not in chosen:
                chosen.append(k)
        rng.shuffle(chosen)
        return chosen

    def crop(self, i, length, answer=()):
        """Return `length` consecutive token ids of passage i. They contain the first occurrence of `answer`, a list of token ids.

        If the passage has no more than `length` tokens, return all. If `answer` is empty or does not occur, the place is random.
        """
        ids, m = self.texts[i], len(answer)
        if len(ids) <= length:
            return ids
        at = next((k for k in range(len(ids) - m + 1) if m and ids[k : k + m] == answer), None)
        low, high = (0, len(ids) - length) if at is None else (max(0, at + m - length), min(at, len(ids) - length))
        start = self.rng.randint(min(low, high), max(low, high))
        return ids[start : start + length]

    def renaming(self):
        """Return {token id: id of its replacement}. Each name is chosen with probability RENAMED; the chosen ones change places."""
        moved = [pair for pair in self.names if self.rng.random() < RENAMED]
        other = self.rng.sample(moved, len(moved))
        return {a: b for one, two in zip(moved, other) for a, b in zip(one, two)}

    def batch(self, size, n, length, rename):
        """Draw a batch. Return (ids, mask, labels): token ids and mask (size, n, L), and token ids of the answers (size, T).

        size    number of questions
        n       number of passages per question
        length  maximum number of tokens per passage
        rename  share of the examples with renamed names
        """
        drawn = [self.asker.draw() for _ in range(size)]
        questions, targets = self.ids([q for _, q, _ in drawn]), self.tokenizer([a for _, _, a in drawn]).input_ids
        rows = []
        for b, ((gold, text, _), question) in enumerate(zip(drawn, questions)):
            read = [
                [*self.question, *question, *self.titles[k], *self.crop(k, length, targets[b][:-1] if k == gold else ()), 1]
                for k in self.read(gold, text, n)
            ]
            if self.rng.random() < rename:
                to = self.renaming()
                read = [[to.get(t, t) for t in row] for row in read]
                targets[b] = [to.get(t, t) for t in targets[b]]
            rows += read
        ids, mask = pad_rows(rows, 0), pad_rows([[1] * len(row) for row in rows], 0)
        return ids.view(size, -1, ids.shape[1]), mask.view(size, -1, ids.shape[1]), pad_rows(targets, -100)
