"""Converts notebooks to HTML that needs no network: formulas become MathML, which browsers can draw without scripts."""

import re
from html import escape

from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.places import TEMPLATES


def formula(source, display):
    """Return a LaTeX formula as MathML, or as LaTeX in a <code> tag if it cannot be converted. display: "inline" or "block"."""
    try:
        return convert(source, display=display)
    except Exception:  # the library raises a dozen types of exceptions without a common base class
        return f"<code>{escape(source)}</code>"


class Renderer(IPythonRenderer):
    """A renderer that converts Markdown to HTML, with formulas as MathML."""

    def block_math(self, body):
        return formula(body, "block")

    def inline_math(self, body):
        return formula(body, "inline")


def markdown(source):
    """Convert Markdown to HTML, with formulas as MathML."""
    return MarkdownWithMath(renderer=Renderer(escape=False)).render(source)


class OfflineExporter(HTMLExporter):
    """An nbconvert exporter that uses the course's template `executed`. The pages that it makes fetch nothing from the network."""

    def __init__(self, **options):
        folder = str(TEMPLATES / "nbconvert")
        super().__init__(template_name="executed", extra_template_basedirs=[folder], embed_images=True, **options)

    def default_filters(self):
        yield from ((name, f) for name, f in super().default_filters() if name != "markdown2html")
        yield "markdown2html", markdown


def write_html(notebook, path):
    """Write an nbformat notebook to `path` as an HTML page.

    A link to another notebook becomes a link to that notebook's HTML page in the same folder. A picture from the web, such as
    the Colab badge, is replaced by its alternative text.
    """
    html, _ = OfflineExporter().from_notebook_node(notebook)
    html = re.sub(r'<img (?=[^>]*src="https?:)[^>]*?alt="([^"]*)"[^>]*>', r"\1", html)
    path.write_text(re.sub(r'href="(?:\.\./)?(?:\w+/)?(\w+)\.ipynb', r'href="\1.html', html), encoding="utf-8")
