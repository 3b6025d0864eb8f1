"""Repairs a submitted notebook: the student's answers are put into the notebook that was released, the *release*.

The files in the order of the work (see `repair.steps`):

    unknown_bytes  decodes bytes to text, whatever their encoding
    notebook_file  reads the bytes of a file as plain cells
    file_kinds     recognises files that are not notebooks
    release        the released notebook, with the role of each of its cells
    parts          the parts of a notebook: exercises, checks, written answers and the rest
    split          cuts the cells of a submission into parts
    plain_python   turns the code in the parts into plain Python
    match          finds the cell of the release to which each part corresponds
    choose         chooses the part that is the answer to each exercise
    notes          sentences for the student on what was wrong
    realign        puts the student's answers into the released notebook
    outputs        keeps outputs and pictures within limits
    repair         all steps together: from a file to a realigned notebook

Files that these use, and the file by which the sandbox runs the answers later:

    syntax         reads what a piece of code defines, from its syntax tree
    cpu_time       limits the processor time for one file
    statements     runs a student's cells statement by statement
"""
