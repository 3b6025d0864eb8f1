"""A submitted notebook, from the bytes of its file to answers that stand where the release has them.

In the order of the work; `repair` is its table of contents:

    unknown_bytes  bytes to text, whatever their encoding
    notebook_file  bytes to plain cells
    file_kinds     what a file is that is no notebook
    release        the release's notebook, and what each of its cells is
    parts          what a part of a notebook is: an exercise, a check, a written answer or the rest
    split          a submission's cells, cut into parts
    plain_python   the code in them as plain Python
    match          which cell of the release each part corresponds to
    choose         which part of a submission is the answer to each exercise
    notes          what was wrong, in sentences for the student
    realign        the release's notebook with the student's answers in it
    outputs        outputs and pictures, within limits
    repair         the whole way: file to realigned notebook

What these use, and what runs the answers later:

    syntax         what a piece of code says, read by its syntax tree
    cpu_time       an end, in processor time, to work on one file
    statements     a student's cells, run statement by statement
"""
