"""Grades submissions: turns them into results, one JSON file per student and stage.

secret        keeps the secret seed, from which hidden inputs are drawn
hashes        computes hashes of everything that a mark depends on
cache         keeps the outcomes of earlier runs, so that equal runs are made once
observed      shortens the wrong values of an answer, so that a result can hold them
judge         turns the arrays of a run into points and messages
exercise_run  defines a Run: one exercise of one submission, ready to be run
cluster       runs the students' exercises on a Dask cluster
grade         does all steps: repair, run, judge, write
results       reads results from their files
replay        computes a mark again and compares it with the receipt, the record of what the mark depended on
"""
