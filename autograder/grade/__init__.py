"""From submissions to results: one JSON file per student and stage.

secret        the secret seed, from which hidden inputs are drawn
hashes        what a mark depends on
cache         runs that were made before
judge         arrays to marks and words
exercise_run  one exercise of one submission, ready to be run
cluster       the same runs on a Dask cluster
grade         the whole way: repair, run, judge, write
results       results, read back
replay        a mark, made again from its receipt
"""
