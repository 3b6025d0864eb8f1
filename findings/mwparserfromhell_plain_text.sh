#!/bin/sh
# Library: mwparserfromhell 0.7.2, strip_code, which makes plain passages of Wikipedia's source.
# Expected: what a reader of the page sees: an image with its caption, a power as a power, and no list of categories. (Its documentation
# says that templates are left out, and so "{{convert|384400|km}}" leaves nothing.)
# Seen: the layout words of an image stand in the passage, the name of a category does too, and ten to the power of nine years are 109.
# Output:
#   [[File:Moon.jpg|thumb|right|The Moon in 1969]] It orbits the Earth.: thumb|right|The Moon in 1969 It orbits the Earth.
#   The Moon formed 4.5 × 10<sup>9</sup> years ago.: The Moon formed 4.5 × 109 years ago.
#   It orbits the Earth. [[Category:Moons]]: It orbits the Earth. Category:Moons
#   It is {{convert|384400|km}} away.: It is  away.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check mwparserfromhell==0.7.2
venv/bin/python - <<'PYTHON'
import mwparserfromhell

texts = {
    "[[File:Moon.jpg|thumb|right|The Moon in 1969]] It orbits the Earth.": "thumb|right|The Moon in 1969 It orbits the Earth.",
    "The Moon formed 4.5 × 10<sup>9</sup> years ago.": "The Moon formed 4.5 × 109 years ago.",
    "It orbits the Earth. [[Category:Moons]]": "It orbits the Earth. Category:Moons",
    "It is {{convert|384400|km}} away.": "It is  away.",
}
seen = {text: str(mwparserfromhell.parse(text).strip_code()) for text in texts}
for text, plain in seen.items():
    print(f"{text}: {plain}")
assert seen == texts
PYTHON
