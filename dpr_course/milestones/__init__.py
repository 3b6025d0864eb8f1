"""Milestones of retrieval: results of the field that a student reaches with their own code. `dpr-course milestone` runs one.

entry         the class Milestone
entries       the list of milestones; a new milestone is one entry
runs          functions that run and measure the milestones of stages 03 to 08
reader_runs   functions that run and measure the milestones of stages 09 and 10
student_code  a student's own code, put together from their notebooks
command       the command's options, its list and its report
"""
