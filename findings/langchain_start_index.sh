#!/bin/sh
# Library: langchain-text-splitters 1.1.3, add_start_index=True.
# Expected: start_index says where a passage begins in its document, so that an answer's place in the passage gives its place there.
# Seen: if length_function counts words and passages overlap, every second passage has the index -1, which as an index means the last
# letter of the document. The overlap is subtracted as if it were counted in letters, so that the search begins behind the passage.
# Output: passages of 100 words, overlap of 20 words: 7 of 14 starts right, 7 are -1; no overlap: 11 of 11 right, 0 are -1
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check langchain-text-splitters==1.1.3
venv/bin/python - <<'PYTHON'
from langchain_text_splitters import RecursiveCharacterTextSplitter

text = " ".join(f"Sentence number {i} says that river {i} is long." for i in range(120))


def starts(overlap):
    """Return how many passages there are, how many starts are right and how many are -1."""
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=100, chunk_overlap=overlap, length_function=lambda text: len(text.split()), add_start_index=True
    )
    passages = splitter.create_documents([text])
    assert all(text.count(p.page_content) == 1 for p in passages)
    given = [(p.metadata["start_index"], text.index(p.page_content)) for p in passages]
    return sum(a == b for a, b in given), len(given), sum(a == -1 for a, _ in given)


seen = starts(20), starts(0)
overlap, none = ("{} of {} starts right, {} are -1".format(*seen[0]), "{} of {} right, {} are -1".format(*seen[1]))
print(f"passages of 100 words, overlap of 20 words: {overlap}; no overlap: {none}")
assert seen == ((7, 14, 7), (11, 11, 0))
PYTHON
