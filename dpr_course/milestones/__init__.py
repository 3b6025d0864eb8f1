"""Milestones of retrieval: results of the field that a student reaches with their own code. `dpr-course milestone` runs one.

entry        what a milestone is
entries      the list; a new milestone is one entry
runs         what those of stages 03 to 08 run and measure
reader_runs  what those of stages 09 and 10 run and measure
own          a student's own code, put together from their notebooks
command      the command's options, its list and its report
"""
