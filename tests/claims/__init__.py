"""The statements in the notebooks' prose about the numbers that their cells print, listed by stage.

`stage_NN.py` has two lists. A new sentence with a number or a comparing word belongs in one of them:

    CLAIMS = [Claim("exact words of a Markdown sentence", cell="words of the code cell that prints it", holds=lambda out: ...)]
    NOT_ABOUT_AN_OUTPUT = ["exact words of a sentence", ...]    # a definition, an instruction, a fact about the world

`tests/notebooks/test_prose.py` tests that the lists match the text of the notebooks. `tests/notebooks/test_notebooks.py`
evaluates each claim on the executed notebook. A claim must hold on every machine and with every seed: test a bound instead of
an exact number, and reword a sentence for which no safe bound exists.
"""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """One sentence of the prose, and how to test it on the outputs of code cells.

    text: the exact words of the sentence. cell: words that occur in exactly one code cell, or a tuple of such words for several
    cells. holds: a function that gets the output of each of these cells, in order, and returns whether the sentence is true.
    """

    text: str
    cell: str | tuple
    holds: Callable

    @property
    def cells(self):
        return (self.cell,) if isinstance(self.cell, str) else self.cell


def lists_of(stage):
    """Return (claims, others) of a stage: a list of Claim, and the sentences (list of str) that are not about an output."""
    module = importlib.import_module(f"claims.stage_{stage[:2]}")
    return module.CLAIMS, module.NOT_ABOUT_AN_OUTPUT


# Functions that read an output


def numbers(text):
    """Return every number in a text, in order, as floats: "1,380 of 1,500, +1.5 %" gives [1380.0, 1500.0, 1.5].

    "−" is read as a minus sign.
    """
    number = r"(?<![\w.@])[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?"
    found = re.findall(number, text.replace("−", "-"))
    return [float(n.replace(",", "")) for n in found]


def row(out, label):
    """Return the numbers that follow `label` on the first line that begins with it, such as the row of a results table."""
    for line in out.replace("−", "-").splitlines():
        if found := re.match(rf"\s*{re.escape(label)}[\s:]+(?=[-+]?\d)(.*)", line):
            return numbers(found[1])
    raise AssertionError(f"no line begins with {label!r} and goes on with a number")


def output(notebook, words):
    """Return the output of the one code cell that contains `words`: printed text, last value, alt texts of pictures.

    Fails if no cell or several cells contain `words`.
    """
    cells = [c for c in notebook.cells if c.cell_type == "code" and words in c.source]
    assert len(cells) == 1, f"{len(cells)} code cells hold {words!r}, must be one"
    shown = []
    for o in cells[0].outputs:
        shown.append(
            o.get("text") or o.get("metadata", {}).get("image/png", {}).get("alt") or o.get("data", {}).get("text/plain", "")
        )
    return "\n".join(shown)


def broken(notebook, claims):
    """Return a text for each claim that is false in an executed notebook: the claim, and the outputs that it was tested on.

    A claim is also false if its output cannot be read or `holds` raises an error.
    """
    told = []
    for claim in claims:
        outputs = []
        try:
            outputs = [output(notebook, words) for words in claim.cells]
            true = claim.holds(*outputs)
        except Exception as e:
            true, outputs = False, [*outputs, f"{type(e).__name__}: {e}"]
        if not true:
            told.append(f"FALSE: {claim.text}\n" + "\n".join(outputs))
    return told


# Functions that read the prose

HINTS = re.compile(r"<details>\s*<summary>Hint.*?</details>", re.DOTALL)
NO_PROSE = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|\]\([^)]*\)|<[^>]*>", re.DOTALL)
REFERENCES = re.compile(
    r"""\b(19|20)\d\d\b | ^\d+\.\s |                              # years, and the numbers of a list
    \b(stages?|exercises?|sections?|tables?|figures?)\ \d[\d.]*((,|,?\ and|\ to)\ \d[\d.]*)* | ^\|\ \d\d\ \|""",
    re.IGNORECASE | re.VERBOSE,
)
COMPARING = re.compile(
    r"""X[-+]?\d|%|\b(
    more|most|less|least|fewer|fewest|lower|lowest|higher|highest|better|best|worse|worst|larger|largest|smaller|smallest|
    shorter|longer|faster|slower|nearer|farther|harder|easier|ahead|behind|half|halves|double[sd]?|twice|times|percent|
    same|equal|alike|apart|differs?|differ|wins?|won|beats?|los[te]|loses|rises?|falls?|grows?|drops?|climbs?|helps?|hurts?|
    hardly|barely|nearly|almost|often|seldom|rarely|far|few|many|nothing|never|none|always|only|even|
    two|three|four|five|six|seven|eight|nine|ten|twelve|hundred|thousand|million)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def flat(markdown):
    """Return Markdown text with every run of white space replaced by one space. The tests compare sentences in this form."""
    return re.sub(r"\s+", " ", markdown).strip()


def sentences(markdown):
    """Yield the sentences of a Markdown cell. Each table row is one item, and list items are split into sentences one by one.

    The text of exercises, hints and headings is left out.
    """
    if markdown.startswith("### ✏️"):
        return
    text = re.sub(r"^#.*$", "", HINTS.sub("", markdown), flags=re.MULTILINE)  # headings are left out too
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:\||- |\d+\. ))", text):
        text = flat(block)
        if not re.search(r"\w", text):  # blank, or the line of dashes below a table's header
            continue
        if text.startswith("|"):
            yield text
        else:
            yield from re.split(r"(?<=[.?!])(?<!\bal\.)(?<!^\d\.)\*{0,2}\s+(?=[\"*\[`A-Z(0-9$<−-])", text)


def may_claim(sentence):
    """Return whether a sentence has a number or a comparing word such as "more", so that it may be about an output.

    Numbers and words in formulas, code and references do not count. A question is never a statement.
    """
    return not sentence.endswith("?") and bool(COMPARING.search(REFERENCES.sub("", NO_PROSE.sub("", sentence))))
