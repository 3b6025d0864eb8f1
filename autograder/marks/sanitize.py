"""Cleans a student's HTML and Markdown for an instructor's browser. Only web, mail and relative links remain.

nbconvert's sanitizer (bleach) cleans HTML. It does not recognise links in Markdown, because they become HTML only later, when
formgrader (nbgrader's page for marking by hand) shows the cell. This module therefore turns forbidden links in Markdown into text.
Then it converts the cleaned Markdown to HTML as formgrader does, and checks this HTML.
"""

import html
import re
from html.parser import HTMLParser

from autograder.repair.cpu_time import OutOfCpuTime, cpu_seconds

SCHEMES = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")  # control characters except tab and newline
# the part after the text of an inline link, or after the label of a link reference definition
LINK = re.compile(r"\]([(:])(\s*)([^\s)]*)")
AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>\"'`\\]{1,2000})>", re.IGNORECASE)
MERMAID = re.compile(r"^([ \t]*(?:`{3,}|~{3,})[ \t]*)mermaid", re.MULTILINE)
TEX = re.compile(r"\\(?=(?:href|url|mmlToken)(?![a-zA-Z]))")  # the backslash of MathJax macros that make links
LEADING = {
    "href",
    "src",
    "srcset",
    "action",
    "formaction",
    "poster",
    "data",
    "cite",
    "background",
    "xlink:href",
    "ping",
    "longdesc",
}
TEXTS = ("text/html", "text/markdown")
PICTURES = ("image/png", "image/jpeg")
MAX_MARKDOWN = 100_000  # maximum characters of a cell that is rendered; a longer cell is shown as it was typed
MAX_SECONDS = 10  # seconds of processor time for one notebook; if they do not suffice, all its cells are shown as they were typed


def allowed(url):
    """Return whether `url` is an http, https or mailto address, or a relative address that has neither a colon nor a backslash."""
    url = re.sub(r"[\x00-\x20\x7f-\xa0]", "", html.unescape(html.unescape(url)))
    return bool(SCHEMES.match(url)) or not (":" in url or "\\" in url)


def clean_tags(text):
    """Return `text`, HTML or Markdown, without forbidden HTML tags and attributes, such as scripts."""
    from nbconvert.preprocessors.sanitize import SanitizeHTML

    fit = {
        "a": lambda tag, name, value: name == "title" or (name == "href" and allowed(value)),
        "abbr": ["title"],
        "acronym": ["title"],
    }
    return SanitizeHTML(attributes=fit).sanitize_html_tags(text)


def as_typed(text):
    """Return HTML that shows `text` exactly as it was typed: nothing in it is read as Markdown, HTML or TeX."""
    return "<pre>" + re.sub(r"[!-/:-@\[-`{-~]", lambda m: f"&#{ord(m[0])};", text) + "</pre>"


def harmless_html(text):
    """Return `text`, HTML, without forbidden tags and links. If the result is still not safe, return `as_typed(text)` instead."""
    made = TEX.sub("&#92;&#8288;", clean_tags(UNSEEN.sub("", text)))
    return made if shows_no_harm(made) else as_typed(text)


def as_written(source):
    """Return the text that a student wrote, recovered from `source`, which `harmless_markdown` returned."""
    return html.unescape(source.removeprefix("<pre>").removesuffix("</pre>"))


def harmless_markdown(text, attachments=None, typed=False):
    """Return `text`, a cell's Markdown, with only http, https, mailto and relative links. Other links become plain text.

    Forbidden HTML tags also become plain text. If the text is too long, cannot be converted to HTML or is still not safe, or if
    `typed` is true, return `as_typed(text)`. attachments: the pictures that are attached to the cell, or None; a text that shows
    an attached picture cannot be converted without them.
    """
    text = UNSEEN.sub("", text)
    if typed or len(text) > MAX_MARKDOWN:
        return as_typed(text)
    made = clean_tags(AUTOLINK.sub(r"[\1](\1)", text))
    made = TEX.sub(r"\\ ", MERMAID.sub(r"\1text ", made))
    made = LINK.sub(lambda m: unmake_link(m, attachments or {}), made)
    try:
        page = as_page(made, attachments)
    except Exception:  # an error of nbconvert here would also be an error in formgrader
        return as_typed(text)
    return made if shows_no_harm(page) else as_typed(text)


def as_page(markdown, attachments):
    """Return the HTML that formgrader makes from `markdown`. attachments: the pictures that are attached to the cell, or None."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    return MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments or {})).render(markdown)


def unmake_link(m, attachments):
    """Return the text that replaces `m`, a match of LINK: the same text if the link is allowed.

    Otherwise its opening bracket or its colon is escaped, and Markdown shows it as plain text. attachments: the pictures that are
    attached to the cell.
    """
    opening, blank, address = m.groups()
    bracket = m.string.rfind("[", 0, m.start())
    pasted = (
        opening == "(" and m.string[max(0, bracket - 1) : bracket] == "!" and address.removeprefix("attachment:") in attachments
    )
    pasted = pasted and address.startswith("attachment:") and allowed(address.removeprefix("attachment:"))
    # A relative address may hold no character that lets a Markdown parser find another address in it.
    plain = not re.search(r"[(<>\"'`]|&(?!amp;)", address)
    if pasted or (allowed(address) and (plain or SCHEMES.match(address))):
        return m[0]
    return f"]&#{ord(opening)};{blank}{address}"


class Page(HTMLParser):
    """An HTML parser that sets `harm` to True if a page holds a forbidden link or a script. The page's text is kept in `words`."""

    def __init__(self):
        super().__init__()
        self.harm, self.words = False, []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            value = value or ""
            picture = tag == "img" and name == "src" and value.startswith(("attachment:", "data:image/png;base64,"))
            self.harm |= name.startswith("on") or (name in LEADING and not picture and not allowed(value))
            self.harm |= name == "class" and "mermaid" in value

    def handle_data(self, data):
        self.words.append(data)


def shows_no_harm(page):
    """Return True if `page`, HTML text, holds no forbidden link, no script and no forbidden TeX macro."""
    seen = Page()
    seen.feed(page)
    seen.close()
    return not seen.harm and not TEX.search("".join(seen.words))


def make_harmless(cells):
    """Clean a student's cells in place: the text of Markdown and raw cells, and the outputs of all cells.

    If this takes more than MAX_SECONDS of processor time, the text of all Markdown and raw cells is replaced by HTML that shows it
    as it was typed, and HTML and Markdown in outputs is removed.
    """
    before = [(cell.source, [dict(o.get("data", {})) for o in cell.get("outputs", [])]) for cell in cells]
    try:
        with cpu_seconds(MAX_SECONDS):
            for cell in cells:
                _make_harmless(cell)
    except OutOfCpuTime:
        for cell, (source, data) in zip(cells, before):
            cell.source = source
            for output, kept in zip(cell.get("outputs", []), data):
                if "data" in output:
                    output.data = {k: v for k, v in kept.items() if k not in TEXTS}
            _make_harmless(cell, typed=True)


def _make_harmless(cell, typed=False):
    if cell.cell_type == "markdown":
        cell.source = harmless_markdown(cell.source, cell.get("attachments"), typed)
    elif cell.cell_type == "raw":
        cell.source = as_typed(cell.source) if typed else harmless_html(cell.source)
    for output in cell.get("outputs", []):
        if "data" in output:
            data = {k: v for k, v in output.data.items() if k in ("text/plain", *PICTURES, *TEXTS)}
            for kind, make in zip(TEXTS, (harmless_html, harmless_markdown)):
                if kind in data:
                    data[kind] = make("".join(data[kind]))
            output.data = data
