"""The checks, proved: right answers get full marks, wrong ones lose points on the declared test.

bank      the known right and wrong answers
mutants   small changes of a reference answer, made by machine
variants  the same computation, rounded differently
prove     the proof, and the table that is published
"""
