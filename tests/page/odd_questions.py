"""Unusual questions that people may type: accents, emoji, Chinese, 500 words, nothing at all."""

import random

ODD = (
    "", " ", "?", "\t\n\r ", "quién descubrió la penicilina", "Où est Besançon\u00a0?", "ZÜRICH straße İstanbul ıI", "naïve café coöperate",
    "cafe\u0301 e\u0301\u0302\u0323", "谁发现了青霉素", "東京 タワー ひらがな", "페니실린", "кто открыл пенициллин", "ΟΔΥΣΣΕΥΣ ὈΔΥΣΣΕΎΣ σς",
    "من اكتشف البنسلين", "पेनिसिलिन की खोज", "ค้นพบเพนิซิลลิน", "😀 who 👩‍👩‍👧 discovered 🇫🇷 penicillin 🧪", "who\u200bdiscovered\ufeffpenicillin",
    "[SEP] who [CLS] discovered [MASK] it [PAD] [UNK]", "[sep] [ SEP ]", "<script>alert(1)</script>", "&amp; &lt;b&gt; \"quoted\" 'single'",
    "a" * 100, "a" * 101, "é" * 60, "😀" * 101, "x\u0000y\ufffdz", "\u0007bell\u001b[31m", "ﬁne ﬂow Ⅷ ½ ²", "ｆｕｌｌ　ｗｉｄｔｈ",
    "don't o'clock Jupiter’s moon's", "3,000.50 $5 100% 1-2 a_b c/d", "who  discovered   penicillin", "WHO DISCOVERED PENICILLIN",
    "¿¡«»—–…‰†", "\u0301leading accent", "\u1734 \u061d \u2e5d \u07fd", "µ ſ Å K", "http://example.org/?q=1&r=2#x",
)  # fmt: skip


def odd_questions(samples, n=200, seed=0):
    """Return `n` questions: those of ODD, one of 500 words, two of about 100, and mixtures of ODD with the samples' words."""
    chance = random.Random(seed)
    words = [w for s in samples for w in s["question"].split()]
    found = [
        *ODD,
        " ".join(chance.choices(words, k=500)),
        " ".join(chance.choices(words, k=97)),
        " ".join(chance.choices(words, k=99)),
    ]
    pieces = [piece for odd in ODD for piece in odd.split(" ") if piece]
    while len(found) < n:
        mixture = chance.choices(words, k=chance.randint(1, 8)) + chance.choices(pieces, k=chance.randint(1, 4))
        chance.shuffle(mixture)
        found.append(chance.choice((" ", " ", "", ", ")).join(mixture))
    return found[:n]
