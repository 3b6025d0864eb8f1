"""The live page: one HTML file, for use without a network, in which several retrievers answer a typed question side by side.

Each retriever, a dual encoder or BM25, has one column on the page. The modules, in the order in which a page is made:

    models      loads a retriever by name, from a folder or from a student's model; refuses one that the page cannot run
    quantise    rounds weights and vectors to int8, with one scale per row
    tokenizers  describes a tokenizer for the page, or says why the page cannot run this tokenizer
    columns     makes the data of one retriever on the page
    pack        turns columns, passages and questions into bytes, and bytes into characters
    assemble    puts template, style, scripts and packed data into one HTML file
    export      makes the page of several models and writes it to a file
    command     the options of `dpr-course page`
    notebook    shows the page inside a notebook

`web/` holds the template, the style and the scripts. The scripts are plain JavaScript and use no library.
"""

from dpr_course.page.notebook import show

__all__ = ["show"]
