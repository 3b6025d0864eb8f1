"""Self-contained HTML pages: Jinja templates that escape everything, pictures as data URIs, no script, nothing from the network."""

import base64
import io
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from autograder.places import TEMPLATES
from autograder.plain import number, plain
from autograder.repair.outputs import picture
from dpr_course.files import replacing


def prose(text):
    """Text as safe HTML: all of it escaped, what stands between backticks set as code."""
    parts = [escape(p) for p in plain(text).split("`")]
    coded = [Markup("<code>{}</code>").format(p) if i % 2 and i < len(parts) - 1 else p for i, p in enumerate(parts)]
    return Markup("").join(coded)


ENGINE = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
)
ENGINE.filters |= {"number": number, "plain": plain, "prose": prose}


def png_uri(encoded):
    """A data URI of a base64-encoded PNG, or None for what is not one, or a very large one."""
    try:
        data = picture("".join(encoded))
    except TypeError:
        return None
    return data and "data:image/png;base64," + base64.b64encode(data).decode("ascii")


def figure_uri(figure):
    """A matplotlib figure as a data URI."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return png_uri(base64.b64encode(buffer.getvalue()).decode("ascii"))


def render(template, **values):
    return ENGINE.get_template(template).render(**values)


def write_file(path, content):
    """Write text or bytes by temp-and-rename; what cannot be encoded becomes a question mark."""
    with replacing(path) as part:
        part.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    return Path(path)
