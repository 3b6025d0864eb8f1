"""Milestones of retrieval: results of the field that a student reaches with their own code. `dpr-course milestone` runs one.

entry     what a milestone is
entries   the list; a new milestone is one entry
runs      what each of them runs and measures
own       a student's own code, put together from their notebooks
command   the command's options, its list and its report
"""
