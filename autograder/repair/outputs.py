"""Limits a student's outputs and pictures to certain types and sizes.

Among the outputs of code cells, only text, errors and PNGs are kept. Among the attachments of Markdown cells, only PNGs and
JPEGs are kept.
"""

import base64
import binascii
import json

from autograder.repair.notebook_file import dictionary, sequence, string

MAX_TEXT = 20_000  # characters of text that are kept of one output; all outputs of a cell together keep at most twice as many
MAX_PICTURE = 2_000_000  # bytes of one picture
MAX_OUTPUTS = 10_000_000  # characters of all outputs of a notebook together, pictures in base64 included


JPEG = b"\xff\xd8\xff"
PNG = b"\x89PNG\r\n\x1a\n"


def picture(encoded, begins=PNG):
    """Return the bytes of `encoded`, a picture in base64.

    Return None if the picture is damaged or too large, or if its bytes do not begin with `begins`.
    """
    if not 0 < len(encoded) <= MAX_PICTURE * 4 // 3 + MAX_PICTURE // 50:
        return None
    try:
        png = base64.b64decode(encoded)
    except (binascii.Error, ValueError):
        return None
    return png if png.startswith(begins) and len(png) <= MAX_PICTURE else None


def slim_output(output):
    """Return one output of a code cell as a dict of nbformat 4 that holds only text, an error or a PNG.

    Return None if the output has none of these. `output` is the output as submitted, a dict of nbformat 3 or 4.
    """
    kind = string(output.get("output_type"))
    if kind == "stream":
        name = "stderr" if "stderr" in (output.get("name"), output.get("stream")) else "stdout"
        return {"output_type": "stream", "name": name, "text": string(output.get("text"))[:MAX_TEXT]}
    if kind in ("error", "pyerr"):
        lines = [string(line) for line in sequence(output.get("traceback"))]
        ename, evalue = string(output.get("ename")), string(output.get("evalue"))[:MAX_TEXT]
        return {"output_type": "error", "ename": ename[:200], "evalue": evalue, "traceback": cut(lines, MAX_TEXT)}
    if kind not in ("display_data", "execute_result", "pyout"):
        return None
    data = dictionary(output.get("data")) or {"text/plain": output.get("text"), "image/png": output.get("png")}
    kept = {"text/plain": string(data.get("text/plain"))[:MAX_TEXT]}
    encoded = string(data.get("image/png"))
    if picture(encoded):
        kept["image/png"] = encoded
    kept = {k: v for k, v in kept.items() if v}
    made = {"output_type": "display_data", "data": kept, "metadata": {}}
    if kind != "display_data":
        made |= {"output_type": "execute_result", "execution_count": None}
    return made if kept else None


def slim_attachments(attachments):
    """Return the first five PNGs and JPEGs of a Markdown cell's attachments, as {name: {MIME type: picture in base64}}."""
    kept = {}
    for name, bundle in attachments.items():
        for kind, begins in (("image/png", PNG), ("image/jpeg", JPEG)):
            encoded = string(dictionary(bundle).get(kind))
            if len(kept) < 5 and encoded and picture(encoded, begins):
                kept[string(name)] = {kind: encoded}
    return kept


def cut(lines, size):
    """Return the longest beginning of `lines`, a list of str, that has at most `size` characters in total."""
    kept = []
    for line in lines:
        size -= len(line)
        if size < 0:
            break
        kept.append(line)
    return kept


def slim_outputs(outputs, budget):
    """Limit the outputs of one cell. Return (kept outputs, their total size, whether anything was left out).

    outputs  the submitted outputs, a list of dicts
    budget   the maximum total size of the outputs that are kept

    Sizes are the numbers of characters of the outputs as JSON.
    """
    kept, text, used = [], 0, 0
    less = any(len(string(dictionary(o).get("text"))) > MAX_TEXT for o in outputs)
    for output in outputs:
        made = slim_output(output) if isinstance(output, dict) else None
        if made is None:
            continue
        size = len(json.dumps(made))
        words = 0 if "image/png" in made.get("data", {}) else size
        if used + size > budget or text + words > 2 * MAX_TEXT or len(kept) == 200:
            continue
        kept.append(made)
        used, text = used + size, text + words
    return kept, used, less or len(kept) < len(outputs)
