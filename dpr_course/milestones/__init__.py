"""Milestones: published results of retrieval, which a student reaches with their own code. `dpr-course milestone` runs one.

entry         the class Milestone
entries       the list of milestones, each of them a Milestone
runs          functions that run and measure the milestones of stages 03 to 08
reader_runs   functions that run and measure the milestones of stages 09 and 10
student_code  puts together a student's own code from their notebooks
command       the options of `dpr-course milestone`, the list that it prints, and its report
"""
