"""Repairs a submitted notebook: copies the student's answers into the *release*, the notebook as students received it.

The files, in the order in which `repair.steps` uses them:

    unknown_bytes  decodes bytes to text, whatever their encoding
    notebook_file  reads the bytes of a file as plain cells
    file_kinds     recognises files that are not notebooks
    release        the released notebook, with the role of each of its cells
    parts          defines a Part, a piece of a notebook: an exercise, a check, a written answer or anything else
    split          cuts the cells of a submission into parts
    plain_python   turns the code in the parts into plain Python
    match          finds the cell of the release to which each part corresponds
    choose         chooses the part that is the answer to each exercise
    notes          writes the sentences that tell the student what was wrong with the file
    realign        puts the student's answers into the released notebook
    outputs        keeps outputs and pictures within limits
    repair         runs all steps, from the bytes of a file to the repaired notebook

Two helpers of the files above:

    syntax         reads what a piece of code defines, from its syntax tree
    cpu_time       limits the processor time for one file

Used later by the sandbox, when it runs the repaired answers:

    statements     runs a student's cells statement by statement
"""
