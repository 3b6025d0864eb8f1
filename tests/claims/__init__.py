"""What the notebooks' prose claims about the numbers that their cells print, stage by stage.

`stage_NN.py` has two lists. A new sentence with a number or a comparing word belongs in one of them:

    CLAIMS = [Claim("exact words of a Markdown sentence", cell="words of the code cell that prints it", holds=lambda out: ...)]
    NOT_ABOUT_AN_OUTPUT = ["exact words of a sentence", ...]    # a definition, an instruction, a fact about the world

`tests/notebooks/test_prose.py` holds the lists to the sources; `tests/notebooks/test_notebooks.py` evaluates each claim on the executed notebook.
A claim must hold on every machine and seed: test a bound, no pinned number, and reword a sentence that needs more luck than that.
"""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """One claim. `cell`: words that are in exactly one code cell, or a tuple of them, whose outputs `holds` gets in order."""

    text: str
    cell: str | tuple
    holds: Callable

    @property
    def cells(self):
        return (self.cell,) if isinstance(self.cell, str) else self.cell


def lists_of(stage):
    """The claims of a stage and its sentences that are about no output: (list of Claim, list of str)."""
    module = importlib.import_module(f"claims.stage_{stage[:2]}")
    return module.CLAIMS, module.NOT_ABOUT_AN_OUTPUT


# Reading an output


def numbers(text):
    """Every number of a text in order, as float: "1,380 of 1,500, +1.5 %" gives [1380.0, 1500.0, 1.5]; "−" is a minus."""
    number = r"(?<![\w.@])[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?"
    found = re.findall(number, text.replace("−", "-"))
    return [float(n.replace(",", "")) for n in found]


def row(out, label):
    """The numbers that follow `label` on the first line that begins with it, as a results table has them."""
    for line in out.replace("−", "-").splitlines():
        if found := re.match(rf"\s*{re.escape(label)}[\s:]+(?=[-+]?\d)(.*)", line):
            return numbers(found[1])
    raise AssertionError(f"no line begins with {label!r} and goes on with a number")


def output(notebook, words):
    """What the one code cell that holds `words` shows: printed text, its last value, and its pictures' descriptions."""
    cells = [c for c in notebook.cells if c.cell_type == "code" and words in c.source]
    assert len(cells) == 1, f"{len(cells)} code cells hold {words!r}, must be one"
    shown = []
    for o in cells[0].outputs:
        shown.append(
            o.get("text") or o.get("metadata", {}).get("image/png", {}).get("alt") or o.get("data", {}).get("text/plain", "")
        )
    return "\n".join(shown)


def broken(notebook, claims):
    """The claims that an executed notebook does not bear out, as text. An error in reading the output breaks a claim too."""
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


# Reading the prose

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
    """Markdown with every run of blanks as one space, as fragments are compared."""
    return re.sub(r"\s+", " ", markdown).strip()


def sentences(markdown):
    """The sentences of a Markdown cell, table rows and list items by themselves. What an exercise asks, and hints, are left out."""
    if markdown.startswith("### ✏️"):
        return
    text = re.sub(r"^#.*$", "", HINTS.sub("", markdown), flags=re.MULTILINE)  # headings go too
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:\||- |\d+\. ))", text):
        text = flat(block)
        if not re.search(r"\w", text):  # blank, or the line under a table's head
            continue
        if text.startswith("|"):
            yield text
        else:
            yield from re.split(r"(?<=[.?!])(?<!\bal\.)(?<!^\d\.)\*{0,2}\s+(?=[\"*\[`A-Z(0-9$<−-])", text)


def may_claim(sentence):
    """True if a statement has a number or a comparing word, formulas, code and references aside. A question claims nothing."""
    return not sentence.endswith("?") and bool(COMPARING.search(REFERENCES.sub("", NO_PROSE.sub("", sentence))))
