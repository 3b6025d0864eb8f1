"""Makes self-contained HTML pages from Jinja templates.

Text is escaped unless it is marked as HTML, pictures are data URIs, and no page uses the network. Only the slides use scripts.
"""

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
    """Return text as safe HTML: everything is escaped, and text between backticks is put into <code> tags."""
    parts = [escape(p) for p in plain(text).split("`")]
    coded = [Markup("<code>{}</code>").format(p) if i % 2 and i < len(parts) - 1 else p for i, p in enumerate(parts)]
    return Markup("").join(coded)


ENGINE = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
)
ENGINE.filters |= {"number": number, "plain": plain, "prose": prose}


def png_uri(encoded):
    """Return a data URI for a PNG in base64. Return None if `encoded` is not a PNG or is too large."""
    try:
        data = picture("".join(encoded))
    except TypeError:
        return None
    return data and "data:image/png;base64," + base64.b64encode(data).decode("ascii")


def figure_uri(figure):
    """Return a matplotlib figure as a PNG in a data URI."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return png_uri(base64.b64encode(buffer.getvalue()).decode("ascii"))


def render(template, **values):
    """Return the HTML that a template makes from `values`. `template` is the name of a file in the folder TEMPLATES.

    Raises jinja2.UndefinedError if the template uses a value that is missing.
    """
    return ENGINE.get_template(template).render(**values)


def write_file(path, content):
    """Write `content`, text or bytes, to a temporary file and rename that file to `path`. Return the path.

    Characters that UTF-8 cannot encode become question marks.
    """
    with replacing(path) as part:
        part.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    return Path(path)
