"""A clean submission, and helpers that find, make and merge its cells."""

import base64
import copy
import json
import struct
import zlib

from autograder.bench.classroom import reference_answers
from autograder.places import ROOT

LOSS, MASKED = "get_in_batch_contrastive_loss", "get_masked_contrastive_loss"
STAGE, WRITTEN_STAGE = "04_in_batch_loss", "06_experiments"
PLAN = "I ask whether a tied encoder is worse, change only that, and run two seeds each."
CONCLUSION = "The two arms differ by less than their seeds do, so I claim nothing."


def png(width=40, height=30):
    """Return the bytes of a small valid PNG, `width` by `height` pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(3 * width) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def clean(stage=STAGE, answers=None):
    """Return the bytes of a clean submission: the released notebook with outputs and with the reference's answers.

    answers: {exercise: code} that replace the reference's answers.
    """
    nb = json.loads((ROOT / "notebooks" / stage / f"{stage}.ipynb").read_text(encoding="utf-8"))
    for key, text in (reference_answers(stage) | (answers or {})).items():
        put(nb, find(nb, f"# exercise: {key}"), f"# exercise: {key}\n{text}")
    for key, text in {"plan": PLAN, "conclusion": CONCLUSION}.items() if stage == WRITTEN_STAGE else ():
        put(nb, find(nb, f"<!-- answer: {key} -->"), f"<!-- answer: {key} -->\n{text}")
    for i, cell in enumerate(nb["cells"]):
        if cell["cell_type"] == "code":
            cell["execution_count"] = i
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [f"cell {i}\n"]}]
            if text_of(cell).startswith("# check:"):
                data = {"text/plain": ["<Figure>"], "image/png": base64.b64encode(png()).decode()}
                cell["outputs"].append({"output_type": "display_data", "data": data, "metadata": {}})
    return json.dumps(nb, indent=1, ensure_ascii=False).encode()


def text_of(cell):
    return "".join(cell["source"])


def put(nb, i, text):
    nb["cells"][i]["source"] = text.splitlines(keepends=True)


def find(nb, start):
    """Return the index of the first cell whose text begins with `start`."""
    return next(i for i, c in enumerate(nb["cells"]) if text_of(c).startswith(start))


def exercise(nb, key=LOSS):
    return find(nb, f"# exercise: {key}")


def check(nb, key=LOSS):
    return find(nb, f"# check: {key}")


def code(text, **fields):
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text, **fields}


def edit(nb, i, function):
    put(nb, i, function(text_of(nb["cells"][i])))
    return nb


def each(nb, function):
    for cell in nb["cells"]:
        function(cell)
    return nb


def stub(key=LOSS, stage=STAGE):
    nb = json.loads((ROOT / "notebooks" / stage / f"{stage}.ipynb").read_text(encoding="utf-8"))
    return copy.deepcopy(nb["cells"][exercise(nb, key)])


def unmarked(text):
    return text.split("\n", 1)[1]


def merge(nb, i, j):
    """Append the text of cell j to cell i, and remove cell j, as Jupyter merges cells. Returns the notebook."""
    a, b = nb["cells"][i], nb["cells"].pop(j)
    a["source"] = text_of(a) + "\n\n" + text_of(b)
    return nb
