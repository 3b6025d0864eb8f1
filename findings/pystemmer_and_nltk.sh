#!/bin/sh
# Libraries: PyStemmer 3.1.0 and nltk 3.10.4.
# Expected: both offer the Snowball stemmer for English, so both give the same stems.
# Seen: PyStemmer follows the present rules, nltk older ones. "university" meets "universe" in one and not in the other; an index
# stemmed by one and questions stemmed by the other miss such words. The original Porter stemmer is the same in both.
# Output:
#   university: universiti, univers
#   evening: evening, even
#   organization: organiz, organ
#   biologist: biolog, biologist
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check PyStemmer==3.1.0 nltk==3.10.4
venv/bin/python - <<'PYTHON'
import Stemmer
from nltk.stem import PorterStemmer, SnowballStemmer

ours, theirs = Stemmer.Stemmer("english").stemWord, SnowballStemmer("english").stem
words = ["university", "evening", "organization", "biologist"]
seen = {word: (ours(word), theirs(word)) for word in words}
for word, stems in seen.items():
    print(f"{word}: {', '.join(stems)}")
assert list(seen.values()) == [("universiti", "univers"), ("evening", "even"), ("organiz", "organ"), ("biolog", "biologist")]
old = PorterStemmer(PorterStemmer.ORIGINAL_ALGORITHM).stem
assert [Stemmer.Stemmer("porter").stemWord(word) for word in words] == [old(word) for word in words]
PYTHON
