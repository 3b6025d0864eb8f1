"""Milestones: published results of retrieval research that students reach with their own code, by `dpr-course milestone`.

entry         the class Milestone
entries       the list of all milestones
runs          functions that run and measure the milestones of stages 03 to 08
reader_runs   functions that run and measure the milestones of stages 09 and 10
student_code  puts together a student's own code from their notebooks
command       the options of `dpr-course milestone`, the list that it prints, and its report
"""
