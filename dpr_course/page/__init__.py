"""The live page: one HTML file, without a network, in which several retrievers answer a typed question side by side.

In the order of the work:

    models      a name, a folder or a student's model to a retriever that the page can hold
    quantise    weights and vectors as int8, with one scale per row
    tokenizers  what the page must know about a tokenizer
    columns     what the page holds of one retriever
    pack        all columns, passages and questions to bytes, and bytes to characters
    assemble    template, style, scripts and packed data to one file
    export      from names to the file
    command     the options of `dpr-course page`
    notebook    the page inside a notebook

`web/` holds the template, the style and the scripts. The scripts are plain JavaScript and use no library.
"""

from dpr_course.page.notebook import show

__all__ = ["show"]
