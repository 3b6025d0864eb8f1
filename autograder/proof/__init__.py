"""Proves that the checks are right: right answers get full marks, and each known wrong answer loses points on a declared test.

bank      reads the bank: the known right and wrong answers in autograder/bank/
mutants   makes small automatic changes (mutants) of a reference answer
variants  runs code under numeric settings that make the same computation round differently
prove     runs the proof and writes the published table
"""
