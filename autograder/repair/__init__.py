"""A submitted notebook, from the bytes of its file to answers that stand where the release has them.

The order of the work: `notebook_file`, `parts`, `choose`, `repair`; the others are what these use.

    plain_python   what a piece of code says, read by its syntax tree
    statements     a student's cells, run statement by statement
    cpu_time       an end, in processor time, to work on one file
    file_kinds     what a file is that is no notebook
    notebook_file  bytes to plain cells
    parts          release and submission, cut into exercises, checks, written answers and the rest
    choose         which part of a submission is the answer to each exercise
    repair         the whole way: file to realigned notebook
"""
