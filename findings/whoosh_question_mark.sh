#!/bin/sh
# Library: Whoosh-Reloaded 2.7.5.
# Expected: the default QueryParser reads a question as a person writes it, with the question mark at its end, as it reads other
# text: punctuation is dropped. Its analyzer does so in passages.
# Seen: a word with a question mark is a pattern, in which the mark stands for just one letter. "moon?" finds "moons" and not
# "moon", so that the last word of every question, often the one that counts, is lost. No error or warning says so.
# Output:
#   moon   finds ['The moon circles the earth.']
#   moon?  finds ['Many planets have moons.']
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check Whoosh-Reloaded==2.7.5
venv/bin/python - <<'PYTHON'
from whoosh.fields import TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import OrGroup, QueryParser

schema = Schema(text=TEXT(stored=True))
index = RamStorage().create_index(schema)
writer = index.writer()
for text in "The moon circles the earth.", "Many planets have moons.", "Who swims? A fish.":
    writer.add_document(text=text)
writer.commit()
parser = QueryParser("text", schema, group=OrGroup)
with index.searcher() as searcher:
    for question, wanted in ("moon", ["The moon circles the earth."]), ("moon?", ["Many planets have moons."]):
        seen = [hit["text"] for hit in searcher.search(parser.parse(question))]
        print(f"{question:6} finds {seen}")
        assert seen == wanted
PYTHON
